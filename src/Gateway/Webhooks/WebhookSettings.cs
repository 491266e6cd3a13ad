using System.Security.Cryptography;
using System.Text;
using Counter.Counting.Cluster;
using Counter.Counting.Documents;
using Counter.Counting.Webhooks;
using Counter.Gateway.Admin;
using Counter.Gateway.Documents;

namespace Counter.Gateway.Webhooks;

/// <summary>Reads and changes webhooks, and records each change in the audit log.</summary>
internal sealed class WebhookSettings(ICluster cluster, AuditLog audit) : IDisposable
{
    // Serialises two steps: count the webhooks, and add one. Several gateways can still add a few too many.
    private readonly SemaphoreSlim adding = new(1);

    /// <summary>The webhooks of a site by name.</summary>
    public async ValueTask<IReadOnlyList<(WebhookId Id, Webhook Hook, long Version)>> ListAsync(string site, CancellationToken cancellationToken)
    {
        var documents = await cluster.Documents.ListAsync(
            DocumentKind.Webhook, site + "/", after: null, most: 2 * Webhook.MostOfSite, descending: false, cancellationToken);
        return [.. documents.Select(d => (WebhookId.Of(d.Id), d.Read<Webhook>(), d.Version))];
    }

    /// <summary>One webhook and its version; null and 0 when there is none.</summary>
    public async ValueTask<(Webhook? Hook, long Version)> FindAsync(WebhookId id, CancellationToken cancellationToken) =>
        await cluster.Documents.FindAsync<Webhook>(DocumentKind.Webhook, id.ToString(), cancellationToken) is { } stored
            ? (stored.Value, stored.Version)
            : (null, 0);

    /// <summary>Adds a webhook and its outbox.</summary>
    /// <returns>The version, null when the webhook exists already; and whether there is room for it.</returns>
    public async ValueTask<(long? Version, bool HasRoom)> AddAsync(KeyHolder who, WebhookId id, Webhook hook, CancellationToken cancellationToken)
    {
        await adding.WaitAsync(cancellationToken);
        try
        {
            if ((await ListAsync(id.Site, cancellationToken)).Count >= Webhook.MostOfSite)
            {
                return (null, false);
            }

            DocumentChange[] changes =
            [
                StoredDocuments.Put(DocumentKind.Webhook, id.ToString(), hook, expected: 0),
                new(DocumentKind.Delivery, id.ToString(), new Outbox().Write()),
            ];
            return (await audit.TryChangeAsync(who, "webhook.create", new(id.ToString(), After: ForAudit(hook)), changes, cancellationToken), true);
        }
        finally
        {
            adding.Release();
        }
    }

    /// <summary>Changes a webhook.</summary>
    /// <returns>The new version; null when the stored version is not the expected one.</returns>
    public ValueTask<long?> ChangeAsync(
        KeyHolder who, string what, WebhookId id, Webhook before, Webhook hook, long expected, CancellationToken cancellationToken) => audit.TryChangeAsync(
        who, what, new(id.ToString(), ForAudit(before), ForAudit(hook)),
        [StoredDocuments.Put(DocumentKind.Webhook, id.ToString(), hook, expected)], cancellationToken);

    /// <summary>Deletes a webhook and its messages.</summary>
    /// <returns>False when the stored version is not the expected one.</returns>
    public async ValueTask<bool> DeleteAsync(KeyHolder who, WebhookId id, Webhook before, long expected, CancellationToken cancellationToken)
    {
        DocumentChange[] changes =
        [
            new(DocumentKind.Webhook, id.ToString(), Json: null, expected),
            new(DocumentKind.Delivery, id.ToString(), Json: null),
        ];
        return await audit.TryChangeAsync(who, "webhook.delete", new(id.ToString(), Before: ForAudit(before)), changes, cancellationToken) is not null;
    }

    /// <summary>Switches off a webhook whose receiver answered 410 Gone, unless its address has changed since.</summary>
    public async ValueTask SwitchOffAsync(WebhookId id, string url, CancellationToken cancellationToken)
    {
        var receiver = new KeyHolder("410 Gone", "the receiver", KeyRole.Manage, id.Site);
        var (hook, version) = await FindAsync(id, cancellationToken);
        if (hook?.Active == true && hook.Url == url)
        {
            await ChangeAsync(receiver, "webhook.change", id, hook, hook with { Active = false }, version, cancellationToken);
        }
    }

    public void Dispose() => adding.Dispose();

    /// <summary>Returns the values for the audit log. Paths can be secrets, so they have only the host of the address and the beginning of its hash.</summary>
    private static object ForAudit(Webhook hook)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(hook.Url)));
        var url = $"{new Uri(hook.Url).GetLeftPart(UriPartial.Authority)}/… (SHA-256 {hash[..8]}…)";
        return new { Url = url, hook.Page, hook.Over, hook.Under, hook.Active };
    }
}
