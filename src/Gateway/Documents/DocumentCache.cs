using System.Collections.Immutable;
using System.Text.Json;
using Counter.Counting.Cluster;
using Counter.Counting.Documents;

namespace Counter.Gateway.Documents;

/// <summary>
/// The documents of one kind, read and at hand, so that no request waits for them. Changes made here are seen at once, changes
/// made at another gateway within a second.
/// </summary>
/// <remarks>The loop ends when the host stops. While the engine does not answer, what was known holds on.</remarks>
internal sealed partial class DocumentCache<T>(DocumentKind kind, ICluster cluster, TimeProvider clock, ILogger<DocumentCache<T>> log)
    : BackgroundService
    where T : class
{
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(1);

    // Settings that come late are better than a gateway that waits for them.
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim refreshing = new(1);
    private long version;
    private volatile ImmutableDictionary<string, Stored<T>> entries = ImmutableDictionary.Create<string, Stored<T>>(StringComparer.Ordinal);

    /// <summary>The documents changed; called with those before and those now.</summary>
    public event Action<ImmutableDictionary<string, Stored<T>>, ImmutableDictionary<string, Stored<T>>>? Changed;

    /// <summary>What is known, by id.</summary>
    public ImmutableDictionary<string, Stored<T>> Entries => entries;

    /// <summary>Takes what has changed.</summary>
    public async ValueTask RefreshAsync(CancellationToken cancellationToken)
    {
        await refreshing.WaitAsync(cancellationToken);
        try
        {
            var changes = await cluster.Documents.ChangesAsync(kind, version, cancellationToken);
            if (changes.Changed.Count == 0 && !changes.Complete)
            {
                version = changes.Version;
                return;
            }

            var before = entries;
            var now = (changes.Complete ? before.Clear() : before).ToBuilder();
            foreach (var document in changes.Changed)
            {
                if (document.Json is null)
                {
                    now.Remove(document.Id);
                }
                else if (TryRead(document) is { } stored)
                {
                    now[document.Id] = stored;
                }
            }

            version = changes.Version;
            entries = now.ToImmutable();
            Changed?.Invoke(before, entries);
        }
        finally
        {
            refreshing.Release();
        }
    }

    /// <summary>Takes a document as it is stored now, unless a newer one is known.</summary>
    public async ValueTask ApplyAsync(Document document, CancellationToken cancellationToken)
    {
        await refreshing.WaitAsync(cancellationToken);
        try
        {
            var before = entries;
            if (before.GetValueOrDefault(document.Id)?.Version is not { } known || known < document.Version)
            {
                // One that was deleted since and is not known here comes back until the next round.
                entries = TryRead(document) is { } stored ? before.SetItem(document.Id, stored) : before;
                Changed?.Invoke(before, entries);
            }
        }
        finally
        {
            refreshing.Release();
        }
    }

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(StartPatience);
        try
        {
            await TryRefreshAsync(patience.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The next round brings them.
        }

        await base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        refreshing.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Round, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await TryRefreshAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The gateway stops.
        }
    }

    /// <summary>One document that cannot be read must not hide the others.</summary>
    private Stored<T>? TryRead(Document document)
    {
        try
        {
            return new Stored<T>(document.Read<T>(), document.Version);
        }
        catch (JsonException e)
        {
            LogUnreadable(document.Kind, document.Id, e.Message);
            return null;
        }
    }

    private async Task TryRefreshAsync(CancellationToken cancellationToken)
    {
        try
        {
            await RefreshAsync(cancellationToken);
        }
        catch (ClusterUnavailableException)
        {
            // The engine has said so; what was known holds on.
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            LogFailed(kind, e);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The {Kind} settings of {Id} cannot be read and do not hold; put them anew. {Reason}")]
    private partial void LogUnreadable(DocumentKind kind, string id, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The settings of kind {Kind} could not be read; what was known holds on.")]
    private partial void LogFailed(DocumentKind kind, Exception exception);
}
