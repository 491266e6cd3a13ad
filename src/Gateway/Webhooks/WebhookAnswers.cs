using System.Text.Json.Serialization;
using Counter.Counting.Webhooks;

namespace Counter.Gateway.Webhooks;

/// <summary>The definition of a webhook, as a request sends it.</summary>
/// <param name="Url">The address of the receiver: http or https, without user and password.</param>
/// <param name="Over">The number of viewers has risen when it is this or more.</param>
/// <param name="Under">The number of viewers has fallen when it is this or less; 80 % of <paramref name="Over"/> by default.</param>
/// <param name="Page">The path of a page; null for the whole site.</param>
/// <param name="Active">Whether messages are sent; true by default.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
[JsonNumberHandling(JsonNumberHandling.Strict)]
internal sealed record WebhookRequest(string? Url, int? Over, int? Under = null, string? Page = null, bool? Active = null);

/// <summary>A webhook.</summary>
/// <param name="Name">The name of the webhook, unique on its site.</param>
/// <param name="Url">The address of the receiver.</param>
/// <param name="Page">The path of the page; null for the whole site.</param>
/// <param name="Over">The number of viewers has risen when it is this or more.</param>
/// <param name="Under">The number of viewers has fallen when it is this or less, and less than <paramref name="Over"/>.</param>
/// <param name="Active">Whether messages are sent.</param>
/// <param name="Secret">The secret that signs messages; only in the answer to the request that made it.</param>
internal sealed record WebhookAnswer(
    string Name,
    string Url,
    string? Page,
    int Over,
    int Under,
    bool Active,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Secret)
{
    /// <summary>Describes a webhook without its secret.</summary>
    public static WebhookAnswer Of(WebhookId id, Webhook hook) =>
        new(id.Name, hook.Url, hook.Page, hook.Over, hook.Under, hook.Active, Secret: null);

    /// <summary>Describes a webhook with its new secret.</summary>
    public static WebhookAnswer WithSecret(WebhookId id, Webhook hook) => Of(id, hook) with { Secret = hook.Secret };
}

/// <summary>A message of a webhook.</summary>
/// <param name="Id">The header <c>webhook-id</c>.</param>
/// <param name="Type"><c>viewers.rose</c>, <c>viewers.fell</c> or <c>viewers.test</c>.</param>
/// <param name="Page">The path of the page; null for the whole site.</param>
/// <param name="Viewers">The number of viewers when the message was written.</param>
/// <param name="At">When the message was written.</param>
/// <param name="State">The state of the message.</param>
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
    /// <summary>Describes a message.</summary>
    public static DeliveryAnswer Of(Delivery d) =>
        new(d.Id, d.Type, d.Page, d.Viewers, d.At, d.State, d.Tries, d.TriedAt, d.NextAt, d.Status, d.Error);
}
