namespace Counter.Counting.Documents;

/// <summary>
/// Where the engine of a cluster keeps what people decide: settings of sites, keys, webhooks, polls, the audit log. Few and small
/// documents that are read often and changed rarely; the numbers of sites and pages are not among them.
/// </summary>
public interface IDocuments
{
    /// <summary>The most characters of an id.</summary>
    const int LongestId = 400;

    /// <summary>The most characters of what a document says.</summary>
    const int LongestJson = 64 * 1024;

    /// <summary>One document; null when it is not there.</summary>
    ValueTask<Document?> FindAsync(DocumentKind kind, string id, CancellationToken cancellationToken);

    /// <summary>Documents by id, in ordinal order.</summary>
    /// <param name="kind">What they are about.</param>
    /// <param name="prefix">What their ids begin with; empty for all.</param>
    /// <param name="after">The id to go on after, exclusive; null to begin at the beginning.</param>
    /// <param name="most">How many to return at most.</param>
    /// <param name="descending">From the highest id to the lowest.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    ValueTask<IReadOnlyList<Document>> ListAsync(
        DocumentKind kind, string prefix, string? after, int most, bool descending, CancellationToken cancellationToken);

    /// <summary>What changed among the documents of a kind after a version; 0 asks for all of them.</summary>
    ValueTask<DocumentUpdates> ChangesAsync(DocumentKind kind, long after, CancellationToken cancellationToken);

    /// <summary>Makes all of these changes, or none when one expects a version that its document does not have.</summary>
    /// <returns>The version that the changed documents have now; null when nothing was changed.</returns>
    /// <exception cref="ArgumentException">An id or text is too long.</exception>
    /// <exception cref="IOException">It could not be stored, and nothing was changed.</exception>
    ValueTask<long?> TryChangeAsync(IReadOnlyList<DocumentChange> changes, CancellationToken cancellationToken);
}
