using Counter.Counting.Presence;
using Counter.Gateway.Settings;

namespace Counter.Gateway.Streaming;

/// <summary>Something that is looked after a few times a second. Its open streams, if it has any, are ended when the gateway stops.</summary>
internal interface IStreamSource
{
    /// <summary>The open streams, as they are now.</summary>
    IEnumerable<IViewerStream> Viewers { get; }

    /// <summary>Does what is due a few times a second: re-sends what was not sent for long, drops what is stuck.</summary>
    ValueTask MaintainAsync(StreamingOptions options);
}

/// <summary>An open stream and what it shows.</summary>
internal interface IViewerStream : IOpenResponse
{
    /// <summary>The stream.</summary>
    LiveStream Stream { get; }

    /// <inheritdoc/>
    void IOpenResponse.Probe(Action written) => Stream.Probe(written);
}
