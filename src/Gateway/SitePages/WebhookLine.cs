using System.Globalization;

namespace Counter.Gateway.SitePages;

/// <summary>A webhook in an answer of the admin API.</summary>
public sealed record WebhookLine(string Name, string Url, string? Page, int Over, int Under, bool Active, string? Secret)
{
    /// <summary>The values of the form that changes it.</summary>
    internal Dictionary<string, string> Fields(string version) => new()
    {
        ["version"] = version,
        ["url"] = Url,
        ["page"] = Page ?? "",
        ["over"] = Over.ToString(CultureInfo.InvariantCulture),
        ["under"] = Under.ToString(CultureInfo.InvariantCulture),
        ["active"] = Active ? "1" : "",
    };
}

/// <summary>A message of a webhook in an answer of the admin API.</summary>
public sealed record DeliveryLine(
    string Id, string Type, int Viewers, DateTimeOffset At, string State, int Tries, DateTimeOffset? NextAt, int? Status, string? Error);
