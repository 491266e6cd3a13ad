using Counter.Counting.Cluster;

namespace Counter.Grains.Messages;

[GenerateSerializer, Immutable, Alias("counter.GatewayState")]
internal readonly record struct SentGatewayState(
    [property: Id(0)] string Id, [property: Id(1)] string Name, [property: Id(2)] string Version, [property: Id(3)] DateTimeOffset StartedAt,
    [property: Id(4)] int Streams, [property: Id(5)] int Viewers, [property: Id(6)] string Address);

[GenerateSerializer, Immutable, Alias("counter.GatewayStatus")]
internal readonly record struct SentGatewayStatus([property: Id(0)] GatewayState State, [property: Id(1)] DateTimeOffset SeenAt);

[RegisterConverter]
internal sealed class GatewayStateConverter : IConverter<GatewayState, SentGatewayState>
{
    public GatewayState ConvertFromSurrogate(in SentGatewayState sent) =>
        new(sent.Id, sent.Name, sent.Version, sent.StartedAt, sent.Streams, sent.Viewers, sent.Address);

    public SentGatewayState ConvertToSurrogate(in GatewayState value) =>
        new(value.Id, value.Name, value.Version, value.StartedAt, value.Streams, value.Viewers, value.Address);
}

[RegisterConverter]
internal sealed class GatewayStatusConverter : IConverter<GatewayStatus, SentGatewayStatus>
{
    public GatewayStatus ConvertFromSurrogate(in SentGatewayStatus sent) => new(sent.State, sent.SeenAt);

    public SentGatewayStatus ConvertToSurrogate(in GatewayStatus value) => new(value.State, value.SeenAt);
}
