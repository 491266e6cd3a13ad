using System.Text.Json.Serialization;
using Counter.Counting.Webhooks;

namespace Counter.Gateway.Webhooks;

/// <summary>What a webhook shall be.</summary>
/// <param name="Url">Where messages go: http or https, without user and password.</param>
/// <param name="Over">With so many viewers or more they have risen.</param>
/// <param name="Under">With so many or fewer they have fallen; 80 % of <paramref name="Over"/> where it is missing.</param>
/// <param name="Page">The path of a page; null for the whole site.</param>
/// <param name="Active">Whether anything is sent; true where it is missing.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
[JsonNumberHandling(JsonNumberHandling.Strict)]
internal sealed record WebhookRequest(string? Url, int? Over, int? Under = null, string? Page = null, bool? Active = null);

/// <summary>A webhook.</summary>
/// <param name="Name">Its name on its site.</param>
/// <param name="Url">Where messages go.</param>
/// <param name="Page">The path of the page; null for the whole site.</param>
/// <param name="Over">With so many viewers or more they have risen.</param>
/// <param name="Under">With so many or fewer, and fewer than <paramref name="Over"/>, they have fallen.</param>
/// <param name="Active">Whether anything is sent.</param>
/// <param name="Secret">What messages are signed with; only in the answer that made it.</param>
internal sealed record WebhookAnswer(
    string Name,
    string Url,
    string? Page,
    int Over,
    int Under,
    bool Active,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Secret)
{
    /// <summary>What may be told of a webhook at any time.</summary>
    public static WebhookAnswer Of(WebhookId id, Webhook hook) =>
        new(id.Name, hook.Url, hook.Page, hook.Over, hook.Under, hook.Active, Secret: null);

    /// <summary>With the secret that was made a moment ago.</summary>
    public static WebhookAnswer WithSecret(WebhookId id, Webhook hook) => Of(id, hook) with { Secret = hook.Secret };
}

/// <summary>A message of a webhook.</summary>
/// <param name="Id">The header <c>webhook-id</c>.</param>
/// <param name="Type"><c>viewers.rose</c>, <c>viewers.fell</c> or <c>viewers.test</c>.</param>
/// <param name="Page">The path of the page; null for the whole site.</param>
/// <param name="Viewers">The viewers when it was written.</param>
/// <param name="At">When it was written.</param>
/// <param name="State">What has become of it.</param>
/// <param name="Tries">How often it was tried.</param>
/// <param name="TriedAt">When it was last tried.</param>
/// <param name="NextAt">When it is tried next.</param>
/// <param name="Status">The HTTP status that the receiver answered last.</param>
/// <param name="Error">Why the last try failed.</param>
internal sealed record DeliveryAnswer(
    string Id,
    string Type,
    string? Page,
    int Viewers,
    DateTimeOffset At,
    DeliveryState State,
    int Tries,
    DateTimeOffset? TriedAt,
    DateTimeOffset? NextAt,
    int? Status,
    string? Error)
{
    /// <summary>What is told of a message.</summary>
    public static DeliveryAnswer Of(Delivery d) =>
        new(d.Id, d.Type, d.Page, d.Viewers, d.At, d.State, d.Tries, d.TriedAt, d.NextAt, d.Status, d.Error);
}
