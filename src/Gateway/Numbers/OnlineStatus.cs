using System.Text.Json.Serialization;
using Counter.Counting.History;
using Counter.Gateway.Frames;

namespace Counter.Gateway.Numbers;

/// <summary>The answer of <c>/online.json</c>.</summary>
/// <param name="Site">The site, as Counter knows it.</param>
/// <param name="Page">The path of the page, as Counter knows it.</param>
/// <param name="Viewers">The viewers of the page now.</param>
/// <param name="SiteViewers">The viewers of all pages of the site now.</param>
/// <param name="SiteVisitors">The distinct visitors of the site now: each browser once.</param>
/// <param name="Peak">The most viewers the page ever had at once.</param>
/// <param name="PeakAt">When that was.</param>
/// <param name="Arrivals">The viewers that ever came to the page.</param>
/// <param name="Since">When the first one came.</param>
/// <param name="History">What <c>?history=</c> asked for, oldest first.</param>
internal sealed record OnlineStatus(
    string Site, string Page, int Viewers, int SiteViewers, int SiteVisitors, int Peak, DateTimeOffset? PeakAt, long Arrivals,
    DateTimeOffset? Since, IReadOnlyList<HistoryPoint>? History);

/// <summary>One message of a number that is pushed.</summary>
/// <param name="Viewers">The number.</param>
/// <param name="Live">False in the last message before the gateway stops.</param>
internal sealed record OnlineMessage(int Viewers, bool Live);

/// <summary>How the numbers are written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(OnlineStatus))]
[JsonSerializable(typeof(OnlineMessage))]
internal sealed partial class NumbersJson : JsonSerializerContext
{
    /// <summary>A number as the frame of a stream.</summary>
    public static Frame Frame(Reading reading) => new(
        "application/json",
        System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(new OnlineMessage(reading.Viewers, reading.Live), Default.OnlineMessage));
}
