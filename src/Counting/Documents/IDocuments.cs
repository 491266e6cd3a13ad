namespace Counter.Counting.Documents;

/// <summary>
/// The documents of a cluster: settings of sites, keys, webhooks, polls, the audit log. They are few and small, read often and changed
/// rarely. The numbers of sites and pages are not among them.
/// </summary>
public interface IDocuments
{
    /// <summary>The most characters of an id.</summary>
    const int LongestId = 400;

    /// <summary>The most characters of a document's content.</summary>
    const int LongestJson = 64 * 1024;

    /// <summary>A document; null if there is none.</summary>
    ValueTask<Document?> FindAsync(DocumentKind kind, string id, CancellationToken cancellationToken);

    /// <summary>Documents by id, in ordinal order.</summary>
    /// <param name="kind">Their kind.</param>
    /// <param name="prefix">The prefix of their ids; empty for all.</param>
    /// <param name="after">The id after which the list continues, exclusive; null to start from the beginning.</param>
    /// <param name="most">The most documents to return.</param>
    /// <param name="descending">Whether to list from the highest id to the lowest.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    ValueTask<IReadOnlyList<Document>> ListAsync(
        DocumentKind kind, string prefix, string? after, int most, bool descending, CancellationToken cancellationToken);

    /// <summary>The changes of documents of a kind after a version; 0 requests all of them.</summary>
    ValueTask<DocumentUpdates> ChangesAsync(DocumentKind kind, long after, CancellationToken cancellationToken);

    /// <summary>Applies all of these changes, or none if one expects a version that its document does not have.</summary>
    /// <returns>The new version of the changed documents; null if nothing was changed.</returns>
    /// <exception cref="ArgumentException">An id or text is too long.</exception>
    /// <exception cref="IOException">The changes could not be stored, and nothing was changed.</exception>
    ValueTask<long?> TryChangeAsync(IReadOnlyList<DocumentChange> changes, CancellationToken cancellationToken);
}
