using Counter.Counting.Documents;
using Counter.Grains.Documents;

namespace Counter.Grains.Client;

/// <summary>The documents of the cluster, in one grain.</summary>
internal sealed class OrleansDocuments(ClusterLink link) : IDocuments
{
    /// <inheritdoc/>
    public async ValueTask<Document?> FindAsync(DocumentKind kind, string id, CancellationToken cancellationToken) =>
        await AskAsync(grain => grain.FindAsync(kind, id), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Document>> ListAsync(
        DocumentKind kind, string prefix, string? after, int most, bool descending, CancellationToken cancellationToken) =>
        await AskAsync(grain => grain.ListAsync(kind, prefix, after, most, descending), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<DocumentUpdates> ChangesAsync(DocumentKind kind, long after, CancellationToken cancellationToken) =>
        await AskAsync(grain => grain.ChangesAsync(kind, after), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<long?> TryChangeAsync(IReadOnlyList<DocumentChange> changes, CancellationToken cancellationToken) =>
        await AskAsync(grain => grain.TryChangeAsync([.. changes]), cancellationToken);

    private Task<T> AskAsync<T>(Func<IDocumentsGrain, Task<T>> ask, CancellationToken cancellationToken) =>
        link.AskAsync(cluster => ask(cluster.GetGrain<IDocumentsGrain>(0)), cancellationToken);
}
