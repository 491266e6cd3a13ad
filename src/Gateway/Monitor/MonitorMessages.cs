using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Counter.Counting.Cluster;
using Counter.Gateway.Monitor.Sampling;

namespace Counter.Gateway.Monitor;

/// <summary>The first message of a WebSocket.</summary>
/// <param name="Gateway">The name of the gateway's machine.</param>
/// <param name="Columns">The names of the values of a sample.</param>
/// <param name="Samples">The samples so far, oldest first.</param>
internal sealed record HistoryMessage(string Gateway, IReadOnlyList<string> Columns, Sample[] Samples);

/// <summary>The newest sample.</summary>
internal sealed record SampleMessage(Sample Sample);

/// <summary>The pages with the most viewers.</summary>
internal sealed record BusiestMessage(IReadOnlyList<BusyPage> Busiest);

/// <summary>A page that has viewers.</summary>
internal sealed record BusyPage(string Site, string Page, int Viewers, int Peak, long Arrivals)
{
    public static BusyPage Of(CountStatus status) =>
        new(status.Key.Site, status.Key.Path, status.Viewers, Math.Max(status.Peak, status.Viewers), status.Arrivals);
}

/// <summary>The gateways of the installation.</summary>
internal sealed record GatewaysMessage(IReadOnlyList<GatewayLine> Gateways);

/// <summary>A gateway; <paramref name="Here"/> is true for the one that sends the message. A gateway that reports no load has null rates.</summary>
internal sealed record GatewayLine(
    string Name, string Version, DateTimeOffset StartedAt, DateTimeOffset SeenAt, int Streams, int Viewers, double? Frames, double? Bytes, double? Process,
    long? Resident, bool Here)
{
    public static GatewayLine Of(GatewayStatus gateway, string ownId) => new(
        gateway.State.Name, gateway.State.Version, gateway.State.StartedAt, gateway.SeenAt, gateway.State.Streams, gateway.State.Viewers,
        gateway.State.Load?.FramesPerSecond, gateway.State.Load?.BytesPerSecond, gateway.State.Load?.Processor, gateway.State.Load?.Resident,
        gateway.State.Id == ownId);
}

/// <summary>Serializes the messages.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(HistoryMessage))]
[JsonSerializable(typeof(SampleMessage))]
[JsonSerializable(typeof(BusiestMessage))]
[JsonSerializable(typeof(GatewaysMessage))]
internal sealed partial class MonitorJson : JsonSerializerContext
{
    /// <summary>Serializes a message as it is sent.</summary>
    public static ReadOnlyMemory<byte> Write<T>(T message, JsonTypeInfo<T> type) => JsonSerializer.SerializeToUtf8Bytes(message, type);
}
