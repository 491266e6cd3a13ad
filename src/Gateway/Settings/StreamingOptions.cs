using System.ComponentModel.DataAnnotations;

namespace Counter.Gateway.Settings;

/// <summary>The section <c>Streaming</c>: how frames flow.</summary>
internal sealed class StreamingOptions
{
    /// <summary>There are probes, where a browser takes them.</summary>
    public const string On = "on";

    /// <summary>There are none.</summary>
    public const string Off = "off";

    /// <summary>The most frames a second that one number sends to a stream.</summary>
    [Range(1, 60)]
    public int FramesPerSecond { get; set; } = 10;

    /// <summary>
    /// Seconds after which an unchanged number is sent again. Ends streams of pages that Firefox keeps after they were left,
    /// keeps idle connections open in proxies and finds peers that are gone.
    /// </summary>
    [Range(1, 3600)]
    public int RefreshSeconds { get; set; } = 15;

    /// <summary>
    /// The same for Firefox, which closes a left page's stream on the first frame after leaving, and does not ask for a picture
    /// again on the next page while the left page's stream of the same address is open (both measured in Firefox 153).
    /// </summary>
    [Range(1, 3600)]
    public int FirefoxRefreshSeconds { get; set; } = 1;

    /// <summary>
    /// Whether Chromium is sent probes: frames with so much padding that a page in its back/forward cache may not keep the stream. They
    /// are compressed, so streams to Chromium are.
    /// </summary>
    [AllowedValues(On, Off)]
    public string Probes { get; set; } = On;

    /// <summary>
    /// Bytes of padding in a probe, before compression; 0 for none. Chromium 156 keeps up to 1,024,000 bytes of what was not looked at
    /// (measured; other versions may keep more).
    /// </summary>
    [Range(0, 16_000_000)]
    public int ProbeBytes { get; set; } = 1_040_000;

    /// <summary>Seconds in which one stream of each page that is looked at is probed; 0: only when something suggests that it was left.</summary>
    [Range(0, 3600)]
    public int ProbeSeconds { get; set; } = 15;

    /// <summary>The most probes a second of this process; 0 for twice what <see cref="ProbeSeconds"/> needs. What is over waits for its turn.</summary>
    [Range(0, 1_000_000)]
    public int ProbesPerSecond { get; set; }

    /// <summary>
    /// Milliseconds that the first frame of a stream waits for the number that includes it. One that is not answered in time shows the last number and
    /// itself, marked as not live.
    /// </summary>
    [Range(0, 60_000)]
    public int FirstFrameMilliseconds { get; set; } = 75;

    /// <summary>Seconds after which a write that makes no progress ends the stream.</summary>
    [Range(1, 3600)]
    public int WriteTimeoutSeconds { get; set; } = 10;

    /// <summary>
    /// Whether frames for browsers are written to the socket past the web server where that is possible: over plain HTTP/1.1. The bytes
    /// are the same, and cost less (docs/performance.md).
    /// </summary>
    public bool WritesPastServer { get; set; } = true;

    /// <summary>Seconds over which the streams are ended when the gateway stops.</summary>
    [Range(0, 3600)]
    public int DrainSeconds { get; set; } = 5;

    /// <summary>Whether probes have padding.</summary>
    public bool Pads => Probes == On && ProbeBytes > 0;

    /// <summary>The least time between two frames of one number.</summary>
    public TimeSpan Pace => TimeSpan.FromSeconds(1.0 / FramesPerSecond);

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
