using Counter.Counting.Cluster;
using Counter.Counting.Documents;
using Counter.Counting.Webhooks;

namespace Counter.Gateway.Webhooks;

/// <summary>Reads and changes outboxes, which other gateways and silos change as well.</summary>
internal sealed class OutboxStore(ICluster cluster)
{
    /// <summary>Reads an outbox; null when its webhook was deleted.</summary>
    public async ValueTask<Outbox?> FindAsync(WebhookId id, CancellationToken cancellationToken) =>
        await cluster.Documents.FindAsync(DocumentKind.Delivery, id.ToString(), cancellationToken) is { Json: { } json }
            ? Outbox.Read(json)
            : null;

    /// <summary>Changes an outbox, as <see cref="Outbox.ChangeAsync"/>.</summary>
    public async ValueTask<Outbox?> ChangeAsync(WebhookId id, Func<Outbox, Outbox?> change, CancellationToken cancellationToken) => await Outbox.ChangeAsync(
        id,
        document => cluster.Documents.FindAsync(DocumentKind.Delivery, document, cancellationToken).AsTask(),
        async written => await cluster.Documents.TryChangeAsync([written], cancellationToken) is not null,
        change);
}
