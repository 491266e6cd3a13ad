using System.Text.Json.Serialization;
using Counter.Counting.History;
using Counter.Counting.Presence;
using Counter.Gateway.Frames;

namespace Counter.Gateway.Numbers;

/// <summary>The answer of <c>/online.json</c>.</summary>
/// <param name="Site">The site, as Counter knows it.</param>
/// <param name="Page">The path of the page, as Counter knows it.</param>
/// <param name="Viewers">The viewers of the page now.</param>
/// <param name="SiteViewers">The viewers of all pages of the site now.</param>
/// <param name="SiteVisitors">The distinct visitors of the site now: each browser once.</param>
/// <param name="Stale">
/// True while the cluster does not answer: the numbers are what is known here, and what only the cluster knows is left out. True as well while
/// the gateway stops: the numbers are what they were when that began.
/// </param>
/// <param name="Peak">The most viewers the page ever had at once.</param>
/// <param name="PeakAt">When that was.</param>
/// <param name="Arrivals">The viewers that ever came to the page.</param>
/// <param name="Since">When the first one came.</param>
/// <param name="Today">The viewers that came to the page since midnight of <c>?tz=</c>.</param>
/// <param name="SitePeak">The most viewers the site ever had at once.</param>
/// <param name="SiteArrivals">The viewers that ever came to the site.</param>
/// <param name="SiteToday">The viewers that came to the site since midnight of <c>?tz=</c>.</param>
/// <param name="History">What <c>?history=</c> asked for, oldest first.</param>
/// <param name="Explain">What <c>?explain=1</c> asked for.</param>
internal sealed record OnlineStatus(
    string Site, string Page, long Viewers, long SiteViewers, long SiteVisitors, bool? Stale, long? Peak, DateTimeOffset? PeakAt,
    long? Arrivals, DateTimeOffset? Since, long? Today, long? SitePeak, long? SiteArrivals, long? SiteToday,
    IReadOnlyList<HistoryPoint>? History, Explanation? Explain);

/// <summary>Why the number of a page is what it is, as far as this gateway sees: for the operator only.</summary>
/// <param name="Streams">The open streams of people on the page.</param>
/// <param name="Viewers">The views that count; a page with two pictures has two streams and is one view.</param>
/// <param name="Suspected">The views that were probably left, which a probe will settle.</param>
/// <param name="Prerendered">The views of pages that nobody looks at yet.</param>
/// <param name="NotPeople">The requests of prefetches, image proxies, link previews, crawlers and servers that fetch, which got a still picture.</param>
/// <param name="Probes">Whether probes work, by browser version; of all pages.</param>
internal sealed record Explanation(
    int Streams, int Viewers, int Suspected, int Prerendered, int NotPeople, IReadOnlyList<BrowserProbes> Probes);

/// <summary>One message of a number that is pushed.</summary>
/// <param name="Viewers">The number.</param>
/// <param name="Live">False in the last message of a stream, when the gateway stops, and where there is no room for one that goes on.</param>
/// <param name="Stale">True while the cluster does not answer: what others have is as it last said.</param>
internal sealed record OnlineMessage(long Viewers, bool Live, bool? Stale);

/// <summary>How the numbers are written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(OnlineStatus))]
[JsonSerializable(typeof(OnlineMessage))]
internal sealed partial class NumbersJson : JsonSerializerContext
{
    /// <summary>A number as the frame of a stream.</summary>
    public static Frame Frame(DisplayedCount displayed, bool stale) => new(
        "application/json",
        System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(new OnlineMessage(displayed.Viewers, displayed.Live, stale ? true : null), Default.OnlineMessage));
}
