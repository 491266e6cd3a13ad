namespace Counter.Counting.Documents;

/// <summary>All documents in memory, and the latest deletions. Pure; not safe for concurrent use.</summary>
internal sealed class DocumentSet
{
    // Gateways request changes every second. One that has missed more deletions than this gets all documents.
    private const int RememberedDeletions = 1000;

    private readonly Dictionary<DocumentKind, SortedDictionary<string, Document>> kinds =
        Enum.GetValues<DocumentKind>().ToDictionary(kind => kind, _ => new SortedDictionary<string, Document>(StringComparer.Ordinal));

    private readonly Queue<Document> deleted = [];
    private long forgotten;

    /// <summary>Rises with every change.</summary>
    public long Version { get; private set; }

    public IEnumerable<Document> All => kinds.Values.SelectMany(k => k.Values);

    /// <summary>The ids of one kind, in order.</summary>
    public IReadOnlyCollection<string> Ids(DocumentKind kind) => [.. kinds[kind].Keys];

    /// <summary>As <see cref="IDocuments.FindAsync"/>.</summary>
    public Document? Find(DocumentKind kind, string id) => kinds[kind].GetValueOrDefault(id);

    /// <summary>As <see cref="IDocuments.ListAsync"/>.</summary>
    public IReadOnlyList<Document> List(DocumentKind kind, string prefix, string? after, int most, bool descending)
    {
        var documents = descending ? kinds[kind].Values.Reverse() : kinds[kind].Values;
        return
        [
            .. documents
                .Where(d => d.Id.StartsWith(prefix, StringComparison.Ordinal))
                .Where(d => after is null || (string.CompareOrdinal(d.Id, after) is var order && (descending ? order < 0 : order > 0)))
                .Take(most),
        ];
    }

    /// <summary>As <see cref="IDocuments.ChangesAsync"/>.</summary>
    public DocumentUpdates ChangesAfter(DocumentKind kind, long after)
    {
        // A version that is too high comes from a newer copy of this store.
        var complete = after < forgotten || after > Version;
        var changed = kinds[kind].Values.Where(d => complete || d.Version > after);
        var gone = deleted.Where(d => d.Kind == kind && !complete && d.Version > after && !kinds[kind].ContainsKey(d.Id));
        return new DocumentUpdates(Version, Version == after ? [] : [.. changed, .. gone], complete);
    }

    /// <summary>The documents after changes, without applying them; null if a change expects another version.</summary>
    /// <exception cref="ArgumentException">An id or text is too long.</exception>
    public Document[]? Prepare(IReadOnlyList<DocumentChange> changes)
    {
        DocumentChange.Check(changes);
        return changes.Any(c => c.Expected is { } expected && expected != (Find(c.Kind, c.Id)?.Version ?? 0))
            ? null
            : [.. changes.Select(c => new Document(c.Kind, c.Id, c.Json, Version + 1))];
    }

    /// <summary>Applies the documents of a version. Those without content are deleted.</summary>
    public void Set(IEnumerable<Document> documents, long version)
    {
        Version = Math.Max(Version, version);
        foreach (var document in documents)
        {
            Set(document);
        }
    }

    /// <summary>Forgets all deletions, so that requests for earlier versions get all documents.</summary>
    public void ForgetDeletions()
    {
        deleted.Clear();
        forgotten = Version;
    }

    private void Set(Document document)
    {
        if (document.Json is not null)
        {
            kinds[document.Kind][document.Id] = document;
            return;
        }

        if (kinds[document.Kind].Remove(document.Id))
        {
            deleted.Enqueue(document);
            if (deleted.Count > RememberedDeletions)
            {
                forgotten = deleted.Dequeue().Version;
            }
        }
    }
}
