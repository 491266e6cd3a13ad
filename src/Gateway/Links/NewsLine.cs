using System.Text.Json;
using System.Text.Json.Serialization;
using Counter.Counting.Pages;
using Counter.Counting.Presence;
using Counter.Gateway.Polls.Votes;
using Counter.Gateway.Relay;
using Counter.Gateway.Relay.Elsewhere;

namespace Counter.Gateway.Links;

/// <summary>What gateways tell each other, as one line of JSON. Names are short, and what says nothing is left out.</summary>
internal sealed class NewsLine
{
    /// <summary>After the last line of the snapshot that a link begins with.</summary>
    public const string Done = "done";

    /// <summary>The gateway stops: all its streams are closed.</summary>
    public const string Bye = "bye";

    /// <summary>Votes were written, and there are polls to be read again; or, where a poll is named, a visitor voted there who may see its results now.</summary>
    public const string Votes = "votes";

    private const int LongestName = 64;

    // In milliseconds: four months. Nothing depends on how old a view of that age is, and times that are much longer ago cannot be told.
    private const double LongestAge = 1e10;

    /// <summary><see cref="Done"/>, <see cref="Votes"/> or <see cref="Bye"/>; then nothing else is there.</summary>
    public string? Say { get; set; }

    /// <summary>All relay channels that are published there now, and the stamps of that; then no stream is told of.</summary>
    public Dictionary<string, long>? Channels { get; set; }

    /// <summary>Those of <see cref="Channels"/> to which a stream is being published, and not single pictures.</summary>
    public HashSet<string>? Live { get; set; }

    /// <summary>The poll somebody voted in.</summary>
    public string? Poll { get; set; }

    /// <summary>The stream that is open.</summary>
    [JsonPropertyName("o")]
    public long Open { get; set; }

    /// <summary>The stream that closed.</summary>
    [JsonPropertyName("x")]
    public long Closed { get; set; }

    /// <summary>The site of the page that is looked at.</summary>
    [JsonPropertyName("s")]
    public string? Site { get; set; }

    /// <summary>The page of that site: path and query.</summary>
    [JsonPropertyName("p")]
    public string? Path { get; set; }

    /// <summary>What the visitor is known by.</summary>
    [JsonPropertyName("k")]
    public IdentityKind Kind { get; set; }

    /// <summary>The visitor: a keyed hash.</summary>
    [JsonPropertyName("i")]
    public ulong Id { get; set; }

    /// <summary>The identity before midnight, of the same kind; that of <see cref="Was"/> where that is said.</summary>
    [JsonPropertyName("b")]
    public ulong? Before { get; set; }

    /// <summary>The cookie's identity that was issued.</summary>
    [JsonPropertyName("c")]
    public ulong? Issued { get; set; }

    /// <summary>Who the visitor was taken for until the cookie came back.</summary>
    [JsonPropertyName("f")]
    public ulong? Was { get; set; }

    /// <summary>The kind of <see cref="Was"/>.</summary>
    [JsonPropertyName("h")]
    public IdentityKind WasKind { get; set; }

    /// <summary>The picture that is shown, as a hash: different ones of a page belong to one load.</summary>
    [JsonPropertyName("d")]
    public ulong Picture { get; set; }

    /// <summary>The page load, as a hash; left out where the page does not name it.</summary>
    [JsonPropertyName("l")]
    public ulong Load { get; set; }

    /// <summary>What makes the browser close the stream once its page was left.</summary>
    [JsonPropertyName("e")]
    public SettledBy Settles { get; set; }

    /// <summary>Whether nobody looks at the page yet.</summary>
    [JsonPropertyName("r")]
    public bool Prerendered { get; set; }

    /// <summary>The gateway of the view; left out for the one that tells.</summary>
    [JsonPropertyName("g")]
    public string? ViewGateway { get; set; }

    /// <summary>The number of the view; left out when it is that of the stream.</summary>
    [JsonPropertyName("v")]
    public long View { get; set; }

    /// <summary>The stamp of the view: higher than any that its gateway had heard of when the view began.</summary>
    [JsonPropertyName("t")]
    public long Stamp { get; set; }

    /// <summary>Milliseconds since the view began, when this was said.</summary>
    [JsonPropertyName("a")]
    public double Age { get; set; }

    /// <summary>Writes news of a gateway.</summary>
    public static NewsLine Of(StreamNews news, string from) => news is StreamOpened stream
        ? new NewsLine
        {
            Open = stream.Number,
            Site = stream.Page.Site,
            Path = stream.Page.Path,
            Kind = stream.Visitor.Kind,
            Id = stream.Visitor.Id,
            Before = (stream.Was is { } was ? was.Before : stream.Before)?.Id,
            Issued = stream.Issued?.Id,
            Was = stream.Was?.Key.Id,
            WasKind = stream.Was?.Key.Kind ?? default,
            Picture = stream.Picture,
            Load = stream.Load,
            Settles = stream.Settles,
            Prerendered = stream.Prerendered,
            ViewGateway = stream.View.Gateway == from ? null : stream.View.Gateway,
            View = stream.View.Number == stream.Number ? 0 : stream.View.Number,
            Stamp = stream.Stamp,
            Age = Math.Round(stream.Age.TotalMilliseconds),
        }
        : new NewsLine { Closed = news.Number };

    /// <summary>Writes which channels are published at a gateway.</summary>
    public static NewsLine Of(IReadOnlyDictionary<string, Published> channels) => new()
    {
        Channels = channels.ToDictionary(channel => channel.Key, channel => channel.Value.Stamp),
        Live = [.. channels.Where(channel => channel.Value.Live).Select(channel => channel.Key)],
    };

    /// <summary>Writes news of polls.</summary>
    public static NewsLine Of(VoteQuestion? voted) => new() { Say = Votes, Poll = voted?.Poll, Id = voted?.Voter ?? 0 };

    /// <summary>Reads news of polls: who voted where, or null.</summary>
    public VoteQuestion? ReadVoted() => Poll is { } poll ? new VoteQuestion(poll, Id) : null;

    /// <summary>Reads which channels are published at a gateway; null when the line says nothing of them.</summary>
    /// <exception cref="JsonException">There are too many, or one cannot be.</exception>
    public IReadOnlyDictionary<string, Published>? ReadChannels() =>
        Channels is null ? null
        : Channels.Count <= Sources.MostTold && Channels.All(channel => ChannelName.IsValid(channel.Key) && channel.Value > 0)
            ? Channels.ToDictionary(channel => channel.Key, channel => new Published(channel.Value, Live?.Contains(channel.Key) == true))
            : throw new JsonException("A gateway tells of channels that cannot be.");

    /// <summary>Reads news of a gateway.</summary>
    /// <exception cref="JsonException">That is none.</exception>
    public StreamNews Read(string from)
    {
        if (Closed > 0)
        {
            return new StreamClosed(Closed);
        }

        if (Open <= 0 || Site is not { Length: > 0 } || Path is null || !Enum.IsDefined(Kind) || !Enum.IsDefined(WasKind) || !Enum.IsDefined(Settles)
            || Age is not >= 0 || View < 0 || Stamp <= 0 || ViewGateway is { Length: > LongestName })
        {
            throw new JsonException("A gateway tells what cannot be.");
        }

        return new StreamOpened(
            Open, new ViewName(ViewGateway ?? from, View == 0 ? Open : View), Stamp, TimeSpan.FromMilliseconds(Math.Min(Age, LongestAge)),
            new PageKey(Site, Path), new VisitorKey(Site, Kind, Id), Picture)
        {
            Before = Was is null ? Earlier(Kind) : null,
            Issued = Issued is { } issued ? new VisitorKey(Site, IdentityKind.Strong, issued) : null,
            Was = Was is { } was ? new FormerVisitor(new VisitorKey(Site, WasKind, was), Earlier(WasKind)) : null,
            Load = Load,
            Settles = Settles,
            Prerendered = Prerendered,
        };

        VisitorKey? Earlier(IdentityKind kind) => Before is { } before ? new VisitorKey(Site, kind, before) : null;
    }
}

/// <summary>How news are written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(NewsLine))]
internal sealed partial class LinksJson : JsonSerializerContext;
