using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Counter.Counting.Cluster;
using Counter.Gateway.Monitor.Sampling;

namespace Counter.Gateway.Monitor;

/// <summary>The first message of a WebSocket.</summary>
/// <param name="Gateway">The machine that speaks.</param>
/// <param name="Columns">What the values of a sample are.</param>
/// <param name="Samples">The samples so far, oldest first.</param>
internal sealed record HistoryMessage(string Gateway, IReadOnlyList<string> Columns, Sample[] Samples);

/// <summary>The newest sample.</summary>
internal sealed record SampleMessage(Sample Sample);

/// <summary>The pages that most people look at.</summary>
internal sealed record BusiestMessage(IReadOnlyList<BusyPage> Busiest);

/// <summary>A page that people look at.</summary>
internal sealed record BusyPage(string Site, string Page, int Viewers, int Peak, long Arrivals)
{
    public static BusyPage Of(CountStatus status) =>
        new(status.Key.Site, status.Key.Path, status.Viewers, Math.Max(status.Peak, status.Viewers), status.Arrivals);
}

/// <summary>The gateways of the installation.</summary>
internal sealed record GatewaysMessage(IReadOnlyList<GatewayLine> Gateways);

/// <summary>One of them; <paramref name="Here"/> is the one that sends this. A gateway that reports no load has null for its rates.</summary>
internal sealed record GatewayLine(
    string Name, string Version, DateTimeOffset StartedAt, DateTimeOffset SeenAt, int Streams, int Viewers, double? Frames, double? Bytes, double? Process,
    long? Resident, bool Here)
{
    public static GatewayLine Of(GatewayStatus gateway, string ownId) => new(
        gateway.State.Name, gateway.State.Version, gateway.State.StartedAt, gateway.SeenAt, gateway.State.Streams, gateway.State.Viewers,
        gateway.State.Load?.FramesPerSecond, gateway.State.Load?.BytesPerSecond, gateway.State.Load?.Processor, gateway.State.Load?.Resident,
        gateway.State.Id == ownId);
}

/// <summary>How the messages are written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(HistoryMessage))]
[JsonSerializable(typeof(SampleMessage))]
[JsonSerializable(typeof(BusiestMessage))]
[JsonSerializable(typeof(GatewaysMessage))]
internal sealed partial class MonitorJson : JsonSerializerContext
{
    /// <summary>A message as it is sent.</summary>
    public static ReadOnlyMemory<byte> Write<T>(T message, JsonTypeInfo<T> type) => JsonSerializer.SerializeToUtf8Bytes(message, type);
}
