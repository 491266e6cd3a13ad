
namespace Counter.Gateway.Documents;

/// <summary>What was decided for one channel.</summary>
internal sealed record ChannelSettings
{
    /// <summary>The most characters of <see cref="Notice"/>: it has to be readable in a small picture.</summary>
    public const int LongestNotice = 200;

    /// <summary>The most of <see cref="NoticeAfterSeconds"/>: a day.</summary>
    public const int MostSeconds = 86_400;

    /// <summary>What holds for a channel about which nothing was decided.</summary>
    public static ChannelSettings Default { get; } = new();

    /// <summary>The most bytes of a picture; null, or more than <c>Relay:MaxFrameBytes</c>: as many as that allows.</summary>
    public int? MaxFrameBytes { get; set; }

    /// <summary>The most pictures a second; null, or more than <c>Relay:MaxFramesPerSecond</c>: as many as that allows.</summary>
    public int? MaxFramesPerSecond { get; set; }

    /// <summary>What is shown when nobody publishes any more, at most <see cref="LongestNotice"/> characters; empty: the last picture stays.</summary>
    public string Notice { get; set; } = "";

    /// <summary>Seconds from the last picture, or from the publisher's leaving, to the notice; 0 or more.</summary>
    public int NoticeAfterSeconds { get; set; } = 10;

    /// <summary>Whether scripts of any site may read the pictures (<c>Access-Control-Allow-Origin: *</c>), as canvases need it.</summary>
    public bool AnyOrigin { get; set; }
}
