using Counter.Counting.Cluster;
using Counter.Counting.Documents;

namespace Counter.Gateway.Webhooks;

/// <summary>Changes outboxes, of which other gateways change the same ones.</summary>
internal sealed class Outboxes(ICluster cluster)
{
    private const int MostTries = 20;

    /// <summary>Reads one; null when its webhook is gone.</summary>
    public async ValueTask<Outbox?> FindAsync(WebhookId id, CancellationToken cancellationToken) =>
        await cluster.Documents.FindAsync(DocumentKind.Delivery, id.ToString(), cancellationToken) is { Json: { } json }
            ? Outbox.Read(json)
            : null;

    /// <summary>Changes one.</summary>
    /// <param name="id">Whose.</param>
    /// <param name="change">Makes the new state of what there is now; null leaves it. Called again when somebody else was faster.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The new state; null when it was left as it is, or is gone.</returns>
    public async ValueTask<Outbox?> ChangeAsync(WebhookId id, Func<Outbox, Outbox?> change, CancellationToken cancellationToken)
    {
        for (var i = 0; i < MostTries; i++)
        {
            if (await cluster.Documents.FindAsync(DocumentKind.Delivery, id.ToString(), cancellationToken) is not { Json: { } json } now
                || change(Outbox.Read(json)) is not { } next)
            {
                return null;
            }

            var written = new DocumentChange(DocumentKind.Delivery, now.Id, next.Write(), now.Version);
            if (await cluster.Documents.TryChangeAsync([written], cancellationToken) is not null)
            {
                return next;
            }
        }

        throw new IOException("Others changed the deliveries of a webhook all the time.");
    }
}
