using System.ComponentModel.DataAnnotations;

namespace Counter.Gateway.Settings;

/// <summary>The section <c>Streaming</c>: how frames flow.</summary>
internal sealed class StreamingOptions
{
    /// <summary>There are probes, where a browser takes them.</summary>
    public const string On = "on";

    /// <summary>There are none.</summary>
    public const string Off = "off";

    // Nobody's number is older than half a second, the time of a push to many streams included.
    private static readonly TimeSpan SlowestPace = TimeSpan.FromSeconds(0.5);

    /// <summary>The most frames a second of one number to one stream.</summary>
    [Range(1, 60)]
    public int FramesPerSecond { get; set; } = 10;

    /// <summary>Frames a second of one number to all its streams together. On more streams each gets fewer, at least two; 0: no limit.</summary>
    /// <remarks>
    /// With the defaults a number goes to each of 500 streams ten times a second, to each of 1,000 five times, to each of 2,000 two and a half times,
    /// and beyond that twice.
    /// </remarks>
    [Range(0, 1_000_000)]
    public int FramesPerSecondToAll { get; set; } = 5_000;

    /// <summary>Seconds after which an unchanged number is sent again.</summary>
    /// <remarks>Ends streams of pages that Firefox keeps after they were left, keeps idle connections open in proxies and finds peers that are gone.</remarks>
    [Range(1, 3600)]
    public int RefreshSeconds { get; set; } = 15;

    /// <summary>The same for Firefox, which closes the stream of a left page only when a frame arrives.</summary>
    /// <remarks>
    /// Nor does it ask for a picture again on the next page while the left page's stream of the same address is open (both measured in Firefox 153).
    /// </remarks>
    [Range(1, 3600)]
    public int FirefoxRefreshSeconds { get; set; } = 1;

    /// <summary><c>on</c>: streams to Chromium are compressed, and a padded frame makes it close the stream of a left page; <c>off</c>: no probes.</summary>
    /// <remarks>A page in Chromium's back/forward cache may not keep a stream with so much padding.</remarks>
    [AllowedValues(On, Off)]
    public string Probes { get; set; } = On;

    /// <summary>Bytes of padding of a probe, 1.2 kB after compression; 0: none. Chromium 156 needs more than 1,024,000.</summary>
    /// <remarks>Measured; other versions may keep more of what was not looked at.</remarks>
    [Range(0, 16_000_000)]
    public int ProbeBytes { get; set; } = 1_040_000;

    /// <summary>Seconds after which one stream of each open page is probed; 0: only when something suggests that a page was left.</summary>
    [Range(0, 3600)]
    public int ProbeSeconds { get; set; } = 15;

    /// <summary>The most probes a second of this process; 0: twice what the interval needs. Further probes wait.</summary>
    [Range(0, 1_000_000)]
    public int ProbesPerSecond { get; set; }

    /// <summary>
    /// Milliseconds that the first frame of a stream waits for the number that includes it. Afterwards it shows the last number and itself, muted.
    /// </summary>
    [Range(0, 60_000)]
    public int FirstFrameMilliseconds { get; set; } = 75;

    /// <summary>Seconds after which a stream that accepts nothing is dropped; any other answer 2 s later.</summary>
    [Range(1, 3600)]
    public int WriteTimeoutSeconds { get; set; } = 10;

    /// <summary>Over plain HTTP/1.1, write frames for browsers to the socket past the web server. The bytes are the same.</summary>
    /// <remarks>They cost less (docs/performance.md).</remarks>
    public bool WritesPastServer { get; set; } = true;

    /// <summary>Seconds within which streams end when Counter stops.</summary>
    [Range(0, 3600)]
    public int DrainSeconds { get; set; } = 5;

    /// <summary>Whether probes have padding.</summary>
    public bool Pads => Probes == On && ProbeBytes > 0;

    /// <summary>The least time between two frames of one number.</summary>
    public TimeSpan Pace => TimeSpan.FromSeconds(1.0 / FramesPerSecond);

    /// <summary>The least time between two frames of a number that so many streams show: a multiple of <see cref="Pace"/>.</summary>
    public TimeSpan PaceFor(int streams)
    {
        if (FramesPerSecondToAll == 0)
        {
            return Pace;
        }

        var paces = (long)Math.Ceiling((double)streams * FramesPerSecond / FramesPerSecondToAll);
        return Pace * Math.Clamp(paces, 1, Math.Max(1, (int)(SlowestPace / Pace)));
    }

    /// <summary><see cref="RefreshSeconds"/> as a span.</summary>
    public TimeSpan Refresh => TimeSpan.FromSeconds(RefreshSeconds);

    /// <summary><see cref="FirefoxRefreshSeconds"/> as a span.</summary>
    public TimeSpan FirefoxRefresh => TimeSpan.FromSeconds(FirefoxRefreshSeconds);

    /// <summary><see cref="ProbeSeconds"/> as a span.</summary>
    public TimeSpan ProbeInterval => TimeSpan.FromSeconds(ProbeSeconds);

    /// <summary><see cref="FirstFrameMilliseconds"/> as a span.</summary>
    public TimeSpan FirstFrame => TimeSpan.FromMilliseconds(FirstFrameMilliseconds);

    /// <summary><see cref="WriteTimeoutSeconds"/> as a span.</summary>
    public TimeSpan WriteTimeout => TimeSpan.FromSeconds(WriteTimeoutSeconds);

    /// <summary><see cref="DrainSeconds"/> as a span.</summary>
    public TimeSpan Drain => TimeSpan.FromSeconds(DrainSeconds);
}
