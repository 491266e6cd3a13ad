
namespace Counter.Gateway.Documents;

/// <summary>The settings of one channel.</summary>
internal sealed record ChannelSettings
{
    /// <summary>The most characters of <see cref="Notice"/>: it must be readable in a small picture.</summary>
    public const int LongestNotice = 200;

    /// <summary>The largest <see cref="NoticeAfterSeconds"/>: a day.</summary>
    public const int MostSeconds = 86_400;

    /// <summary>The settings of a channel that has none of its own.</summary>
    public static ChannelSettings Default { get; } = new();

    /// <summary>The most bytes of a picture. Null, or more than <c>Relay:MaxFrameBytes</c>, means <c>Relay:MaxFrameBytes</c>.</summary>
    public int? MaxFrameBytes { get; set; }

    /// <summary>The most pictures a second. Null, or more than <c>Relay:MaxFramesPerSecond</c>, means <c>Relay:MaxFramesPerSecond</c>.</summary>
    public int? MaxFramesPerSecond { get; set; }

    /// <summary>
    /// The text that is shown when nobody publishes any more, at most <see cref="LongestNotice"/> characters. If it is empty, the last
    /// picture stays.
    /// </summary>
    public string Notice { get; set; } = "";

    /// <summary>Seconds from the last picture, or from the disconnect of the publisher, to the notice; 0 or more.</summary>
    public int NoticeAfterSeconds { get; set; } = 10;

    /// <summary>Whether scripts of any site may read the pictures (<c>Access-Control-Allow-Origin: *</c>), which canvases need.</summary>
    public bool AnyOrigin { get; set; }
}
