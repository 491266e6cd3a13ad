using Counter.Gateway.Operations;
using Counter.Gateway.Settings;
using Counter.Gateway.Streaming;

namespace Counter.Gateway.Relay;

/// <summary>An endless picture whose frames are photographs.</summary>
internal sealed class ChannelStream(
    HttpContext context, ClientKind client, StreamingOptions options, TimeProvider clock, CounterMetrics metrics)
    : ImageStream(context, client, options, clock, metrics)
{
    // Firefox's left pages are found with the usual round: a photograph every second would be dear.
    protected override TimeSpan Refresh(StreamingOptions options) => options.Refresh;
}
