using Counter.Counting.Documents;

namespace Counter.Grains.Documents;

/// <summary>The documents of the cluster, see <see cref="IDocuments"/>. One grain, with the key 0, has all: a change of several is atomic.</summary>
[Alias("counter.IDocumentsGrain")]
internal interface IDocumentsGrain : IGrainWithIntegerKey
{
    /// <summary>The ids of one kind, in order.</summary>
    [AlwaysInterleave]
    [Alias("Ids")]
    Task<IReadOnlyCollection<string>> IdsAsync(DocumentKind kind);

    /// <summary>As <see cref="IDocuments.FindAsync"/>.</summary>
    [AlwaysInterleave]
    [Alias("Find")]
    Task<Document?> FindAsync(DocumentKind kind, string id);

    /// <summary>As <see cref="IDocuments.ListAsync"/>.</summary>
    [AlwaysInterleave]
    [Alias("List")]
    Task<IReadOnlyList<Document>> ListAsync(DocumentKind kind, string prefix, string? after, int most, bool descending);

    /// <summary>As <see cref="IDocuments.ChangesAsync"/>.</summary>
    [AlwaysInterleave]
    [Alias("News")]
    Task<DocumentUpdates> ChangesAsync(DocumentKind kind, long after);

    /// <summary>As <see cref="IDocuments.TryChangeAsync"/>.</summary>
    [Alias("TryChange")]
    Task<long?> TryChangeAsync(IReadOnlyList<DocumentChange> changes);
}
