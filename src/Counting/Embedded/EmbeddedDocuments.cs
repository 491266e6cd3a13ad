using Counter.Counting.Documents;

namespace Counter.Counting.Embedded;

/// <summary>The documents of one process: in memory, and in a journal that has every change before anybody sees it.</summary>
internal sealed class EmbeddedDocuments : IDocuments, IDisposable
{
    // Whoever asks for news asks again within seconds. Who was away for longer than this many deletions gets everything.
    private const int RememberedDeletions = 1000;

    // Who writes holds `writing` while the disk is waited for, and `gate` only to show what is written; who reads holds `gate` only.
    private readonly Lock writing = new();
    private readonly Lock gate = new();
    private readonly DocumentJournal journal;
    private readonly Dictionary<DocumentKind, SortedDictionary<string, Document>> kinds = [];
    private readonly Queue<Document> deleted = [];
    private long version;
    private long forgotten;

    /// <summary>Reads the journal.</summary>
    public EmbeddedDocuments(DocumentJournal journal)
    {
        this.journal = journal;
        foreach (var kind in Enum.GetValues<DocumentKind>())
        {
            kinds[kind] = new SortedDictionary<string, Document>(StringComparer.Ordinal);
        }

        foreach (var entry in journal.Read())
        {
            version = Math.Max(version, entry.Version);
            foreach (var document in entry.Documents)
            {
                Set(document with { Version = entry.Version });
            }
        }

        // Nobody who asks has heard of a deletion of an earlier run.
        deleted.Clear();
        forgotten = version;
        journal.Compact(version, All());
    }

    /// <summary>The ids of one kind, in order.</summary>
    public IReadOnlyCollection<string> Ids(DocumentKind kind)
    {
        lock (gate)
        {
            return [.. kinds[kind].Keys];
        }
    }

    /// <inheritdoc/>
    public ValueTask<Document?> FindAsync(DocumentKind kind, string id, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            return ValueTask.FromResult(kinds[kind].GetValueOrDefault(id));
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Document>> ListAsync(
        DocumentKind kind, string prefix, string? after, int most, bool descending, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            var documents = descending ? kinds[kind].Values.Reverse() : kinds[kind].Values;
            return ValueTask.FromResult<IReadOnlyList<Document>>(
            [
                .. documents
                    .Where(d => d.Id.StartsWith(prefix, StringComparison.Ordinal))
                    .Where(d => after is null || (string.CompareOrdinal(d.Id, after) is var order && (descending ? order < 0 : order > 0)))
                    .Take(most),
            ]);
        }
    }

    /// <inheritdoc/>
    public ValueTask<DocumentNews> NewsAsync(DocumentKind kind, long after, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            var complete = after < forgotten;
            var changed = kinds[kind].Values.Where(d => complete || d.Version > after);
            var gone = deleted.Where(d => d.Kind == kind && !complete && d.Version > after && !kinds[kind].ContainsKey(d.Id));
            return ValueTask.FromResult(new DocumentNews(version, version == after ? [] : [.. changed, .. gone], complete));
        }
    }

    /// <inheritdoc/>
    public ValueTask<long?> TryChangeAsync(IReadOnlyList<DocumentChange> changes, CancellationToken cancellationToken)
    {
        DocumentChange.Check(changes);

        lock (writing)
        {
            if (changes.Any(c => c.Expected is { } expected && expected != (kinds[c.Kind].GetValueOrDefault(c.Id)?.Version ?? 0)))
            {
                return ValueTask.FromResult<long?>(null);
            }

            var next = version + 1;
            Document[] documents = [.. changes.Select(c => new Document(c.Kind, c.Id, c.Json, next))];
            journal.Append(new JournalEntry(next, documents), version, All);
            lock (gate)
            {
                version = next;
                foreach (var document in documents)
                {
                    Set(document);
                }
            }

            journal.Tidy(version, All);
            return ValueTask.FromResult<long?>(next);
        }
    }

    public void Dispose() => journal.Dispose();

    private IEnumerable<Document> All() => kinds.Values.SelectMany(k => k.Values);

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
