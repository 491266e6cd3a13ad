using System.Text.Json;
using System.Text.Json.Serialization;
using Counter.Gateway.Relay;
using Counter.Gateway.Relay.Elsewhere;

namespace Counter.Gateway.Links;

/// <summary>What gateways tell each other, as one line of JSON. Names are short, and what says nothing is left out.</summary>
internal sealed class NewsLine
{
    /// <summary>The gateway stops: all its channels are ended.</summary>
    public const string Bye = "bye";

    /// <summary><see cref="Bye"/>, and then nothing else is there.</summary>
    public string? Say { get; set; }

    /// <summary>All relay channels that are published there now, and the stamps of that.</summary>
    public Dictionary<string, long>? Channels { get; set; }

    /// <summary>Those of <see cref="Channels"/> to which a stream is being published, and not single pictures.</summary>
    public HashSet<string>? Live { get; set; }

    /// <summary>Writes which channels are published at a gateway.</summary>
    public static NewsLine Of(IReadOnlyDictionary<string, Published> channels) => new()
    {
        Channels = channels.ToDictionary(channel => channel.Key, channel => channel.Value.Stamp),
        Live = [.. channels.Where(channel => channel.Value.Live).Select(channel => channel.Key)],
    };

    /// <summary>Reads which channels are published at a gateway; null when the line says nothing of them.</summary>
    /// <exception cref="JsonException">There are too many, or one cannot be.</exception>
    public IReadOnlyDictionary<string, Published>? ReadChannels() =>
        Channels is null ? null
        : Channels.Count <= Sources.MostTold && Channels.All(channel => ChannelName.IsValid(channel.Key) && channel.Value > 0)
            ? Channels.ToDictionary(channel => channel.Key, channel => new Published(channel.Value, Live?.Contains(channel.Key) == true))
            : throw new JsonException("A gateway tells of channels that cannot be.");
}

/// <summary>How news are written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(NewsLine))]
internal sealed partial class LinksJson : JsonSerializerContext;
