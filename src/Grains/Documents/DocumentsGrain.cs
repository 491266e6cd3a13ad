using Counter.Counting.Documents;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace Counter.Grains.Documents;

/// <inheritdoc cref="IDocumentsGrain"/>
/// <remarks>A change is visible only after it is stored. Reads do not wait for the store.</remarks>
internal sealed class DocumentsGrain(IServiceProvider services, StoreHealth store) : Grain, IDocumentsGrain
{
    private readonly DocumentSet documents = new();
    private DocumentLog log = null!;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        log = new DocumentLog(services.GetRequiredKeyedService<IGrainStorage>(CountingOptions.Storage), this.GetGrainId());
        foreach (var entry in await log.ReadAsync())
        {
            documents.Set(entry.Documents.Select(d => d with { Version = entry.Version }), entry.Version);
        }

        documents.ForgetDeletions();
    }

    public Task<IReadOnlyCollection<string>> IdsAsync(DocumentKind kind) => Task.FromResult(documents.Ids(kind));

    public Task<Document?> FindAsync(DocumentKind kind, string id) => Task.FromResult(documents.Find(kind, id));

    public Task<IReadOnlyList<Document>> ListAsync(DocumentKind kind, string prefix, string? after, int most, bool descending) =>
        Task.FromResult(documents.List(kind, prefix, after, most, descending));

    public Task<DocumentUpdates> ChangesAsync(DocumentKind kind, long after) => Task.FromResult(documents.ChangesAfter(kind, after));

    public async Task<long?> TryChangeAsync(IReadOnlyList<DocumentChange> changes)
    {
        if (documents.Prepare(changes) is not { } changed)
        {
            return null;
        }

        try
        {
            var next = documents.Version + 1;
            await log.AppendAsync(new JournalEntry(next, changed));
            documents.Set(changed, next);
            await log.TidyAsync(next, documents.All);
            store.Work();
            return next;
        }
        catch (Exception e)
        {
            // It is not known whether the change was stored. The next activation reads the store.
            store.Fail(e);
            DeactivateOnIdle();
#pragma warning disable MA0054 // The inner exception is left out: a gateway need not have the store's library.
            throw new IOException($"The change could not be stored: {e.GetBaseException().Message}");
#pragma warning restore MA0054
        }
    }
}
