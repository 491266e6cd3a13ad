using Counter.Gateway.Operations;
using Counter.Gateway.Settings;
using Counter.Gateway.Streaming;

namespace Counter.Gateway.Relay;

/// <summary>An endless picture whose frames are photographs.</summary>
internal sealed class ChannelStream(
    HttpContext context, ClientKind client, StreamingOptions options, TimeProvider clock, CounterMetrics metrics)
    : ImageStream(context, client, options, clock, metrics)
{
    // Finds the pages that Firefox has left at the usual interval: sending a photograph every second would cost too much.
    protected override TimeSpan Refresh(StreamingOptions options) => options.Refresh;
}
