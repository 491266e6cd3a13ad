using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Counter.Counting.History;
using Counter.Counting.Presence;
using Counter.Gateway.Frames;

namespace Counter.Gateway.Numbers;

/// <summary>The response of <c>/online.json</c>.</summary>
/// <param name="Site">The normalised site.</param>
/// <param name="Page">The normalised path of the page.</param>
/// <param name="Viewers">The current viewers of the page.</param>
/// <param name="SiteViewers">The current viewers of all pages of the site.</param>
/// <param name="SiteVisitors">The current distinct visitors of the site: each browser once.</param>
/// <param name="Stale">
/// True while the cluster, or a grain that has one of the values, does not answer: the numbers are this gateway's own, and values of the cluster are
/// left out. Also true while the gateway is stopping: the numbers are frozen.
/// </param>
/// <param name="Peak">The most viewers that the page ever had at once.</param>
/// <param name="PeakAt">The time of the peak.</param>
/// <param name="Arrivals">All arrivals of viewers on the page.</param>
/// <param name="Since">The time of the first arrival.</param>
/// <param name="Today">The arrivals on the page since midnight of <c>?tz=</c>.</param>
/// <param name="SitePeak">The most viewers that the site ever had at once.</param>
/// <param name="SiteArrivals">All arrivals of viewers on the site.</param>
/// <param name="SiteToday">The arrivals on the site since midnight of <c>?tz=</c>.</param>
/// <param name="History">The history of <c>?history=</c>, oldest first.</param>
/// <param name="Explain">The explanation of <c>?explain=1</c>.</param>
internal sealed record OnlineStatus(
    string Site, string Page, long Viewers, long SiteViewers, long SiteVisitors, bool? Stale, long? Peak, DateTimeOffset? PeakAt,
    long? Arrivals, DateTimeOffset? Since, long? Today, long? SitePeak, long? SiteArrivals, long? SiteToday,
    IReadOnlyList<HistoryPoint>? History, Explanation? Explain);

/// <summary>Explains the number of a page from this gateway's point of view, for the operator only.</summary>
/// <param name="Streams">The open streams of people on the page.</param>
/// <param name="Viewers">The views that count. A page with two pictures has two streams and is one view.</param>
/// <param name="Suspected">The views that were probably left, and that a probe will settle.</param>
/// <param name="Prerendered">The views of pages that are prerendered.</param>
/// <param name="NotPeople">
/// The requests of prefetches, image proxies, link previews, crawlers and servers that fetch. They got a still picture.
/// </param>
/// <param name="Probes">Whether probes work, by browser version, for all pages.</param>
internal sealed record Explanation(
    int Streams, int Viewers, int Suspected, int Prerendered, int NotPeople, IReadOnlyList<BrowserProbes> Probes);

/// <summary>One message of a pushed number.</summary>
/// <param name="Viewers">The number.</param>
/// <param name="Live">
/// False in the last message of a stream: when the gateway is stopping, or when a limit is reached. Also false in a first message without an answer
/// of the cluster.
/// </param>
/// <param name="Stale">
/// True while the cluster, or the grain that keeps a total, does not answer. The viewers of other gateways are then the last known ones.
/// </param>
internal sealed record OnlineMessage(long Viewers, bool Live, bool? Stale);

/// <summary>The response of <c>/online.json</c> to a request with several pages.</summary>
/// <param name="Site">The normalised site.</param>
/// <param name="Pages">The current viewers of each page, by the text that the request has for it.</param>
/// <param name="Stale">As in <see cref="OnlineStatus"/>.</param>
internal sealed record OnlinePages(string Site, IReadOnlyDictionary<string, long> Pages, bool? Stale);

/// <summary>One message of a stream of several pages.</summary>
/// <param name="Pages">The viewers of the pages that changed, by the text that the request has for each.</param>
/// <param name="Live">As in <see cref="OnlineMessage"/>.</param>
/// <param name="Stale">As in <see cref="OnlineMessage"/>.</param>
internal sealed record OnlinePagesMessage(IReadOnlyDictionary<string, long> Pages, bool Live, bool? Stale);

/// <summary>The JSON of numbers.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(OnlineStatus))]
[JsonSerializable(typeof(OnlineMessage))]
[JsonSerializable(typeof(OnlinePages))]
[JsonSerializable(typeof(OnlinePagesMessage))]
[JsonSerializable(typeof(ShieldsBadge))]
internal sealed partial class NumbersJson : JsonSerializerContext
{
    /// <summary>Makes the frame of a number.</summary>
    public static Frame Frame(DisplayedCount displayed, bool stale) =>
        Frame(new OnlineMessage(displayed.Viewers, displayed.Live, stale ? true : null), Default.OnlineMessage);

    /// <summary>Makes the frame of the numbers of several pages. Those that are null are left out.</summary>
    public static Frame Frame(PageList list, IReadOnlyList<DisplayedCount?> numbers, bool stale) =>
        Frame(new OnlinePagesMessage(list.Name(numbers), numbers.All(number => number is not { Live: false }), stale ? true : null), Default.OnlinePagesMessage);

    private static Frame Frame(object message, JsonTypeInfo type) => new("application/json", JsonSerializer.SerializeToUtf8Bytes(message, type));
}
