using Counter.Counting.Presence;
using Counter.Gateway.Settings;

namespace Counter.Gateway.Streaming;

/// <summary>Needs maintenance a few times a second. The gateway ends its open streams, if it has any, when it stops.</summary>
internal interface IStreamSource
{
    /// <summary>A snapshot of the open streams.</summary>
    IEnumerable<IViewerStream> Viewers { get; }

    /// <summary>Does the maintenance that is due: re-sends frames, drops stuck streams.</summary>
    ValueTask MaintainAsync(StreamingOptions options);
}

/// <summary>An open stream and the content that it shows.</summary>
internal interface IViewerStream : IOpenResponse
{
    LiveStream Stream { get; }

    /// <inheritdoc/>
    void IOpenResponse.Probe(Action written) => Stream.Probe(written);
}
