using Counter.Counting.Documents;

namespace Counter.Counting.Embedded;

/// <summary>The documents of one process: in memory, and in a journal that has every change before anybody sees it.</summary>
internal sealed class EmbeddedDocuments : IDocuments, IDisposable
{
    // Who writes holds `writing` while the disk is waited for, and `gate` only to show what is written; who reads holds `gate` only.
    private readonly Lock writing = new();
    private readonly Lock gate = new();
    private readonly DocumentJournal journal;
    private readonly DocumentSet documents = new();

    /// <summary>Reads the journal.</summary>
    public EmbeddedDocuments(DocumentJournal journal)
    {
        this.journal = journal;
        foreach (var entry in journal.Read())
        {
            documents.Set(entry.Documents.Select(d => d with { Version = entry.Version }), entry.Version);
        }

        documents.ForgetDeletions();
        journal.Compact(documents.Version, documents.All);
    }

    /// <summary>The ids of one kind, in order.</summary>
    public IReadOnlyCollection<string> Ids(DocumentKind kind)
    {
        lock (gate)
        {
            return documents.Ids(kind);
        }
    }

    /// <inheritdoc/>
    public ValueTask<Document?> FindAsync(DocumentKind kind, string id, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            return ValueTask.FromResult(documents.Find(kind, id));
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Document>> ListAsync(
        DocumentKind kind, string prefix, string? after, int most, bool descending, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            return ValueTask.FromResult(documents.List(kind, prefix, after, most, descending));
        }
    }

    /// <inheritdoc/>
    public ValueTask<DocumentNews> NewsAsync(DocumentKind kind, long after, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            return ValueTask.FromResult(documents.News(kind, after));
        }
    }

    /// <inheritdoc/>
    public ValueTask<long?> TryChangeAsync(IReadOnlyList<DocumentChange> changes, CancellationToken cancellationToken)
    {
        lock (writing)
        {
            if (documents.Prepare(changes) is not { } changed)
            {
                return ValueTask.FromResult<long?>(null);
            }

            var next = documents.Version + 1;
            journal.Append(new JournalEntry(next, changed), documents.Version, () => documents.All);
            lock (gate)
            {
                documents.Set(changed, next);
            }

            journal.Tidy(next, () => documents.All);
            return ValueTask.FromResult<long?>(next);
        }
    }

    public void Dispose() => journal.Dispose();
}
