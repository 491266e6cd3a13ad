using System.Collections.Immutable;
using System.Text.Json;
using Counter.Counting.Cluster;
using Counter.Counting.Documents;

namespace Counter.Gateway.Documents;

/// <summary>
/// Caches all documents of one kind, so that no request waits for the cluster. Changes of this gateway apply at once, changes of other
/// gateways within a second.
/// </summary>
/// <remarks>The loop ends when the host stops. While the cluster does not answer, the cached documents stay in use.</remarks>
internal sealed partial class DocumentCache<T>(DocumentKind kind, ICluster cluster, TimeProvider clock, ILogger<DocumentCache<T>> log)
    : BackgroundService
    where T : class
{
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(1);

    // A gateway that starts without its settings is better than one that waits for them.
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim refreshing = new(1);
    private long version;
    private volatile ImmutableDictionary<string, Stored<T>> entries = ImmutableDictionary.Create<string, Stored<T>>(StringComparer.Ordinal);

    /// <summary>The documents changed. The arguments are the documents before and after.</summary>
    public event Action<ImmutableDictionary<string, Stored<T>>, ImmutableDictionary<string, Stored<T>>>? Changed;

    /// <summary>The cached documents by id.</summary>
    public ImmutableDictionary<string, Stored<T>> Entries => entries;

    /// <summary>Applies the changes since the last refresh.</summary>
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

    /// <summary>Applies a document as it is stored now, unless a newer version is cached.</summary>
    public async ValueTask ApplyAsync(Document document, CancellationToken cancellationToken)
    {
        await refreshing.WaitAsync(cancellationToken);
        try
        {
            var before = entries;
            if (before.GetValueOrDefault(document.Id)?.Version is not { } known || known < document.Version)
            {
                // If the document was deleted since and is not cached, it comes back until the next refresh.
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
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(StartTimeout);
        try
        {
            await TryRefreshAsync(timeout.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The next refresh reads them.
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

    /// <summary>One unreadable document must not hide the others.</summary>
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
            // The error is logged elsewhere. The cached documents stay in use.
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            LogFailed(kind, e);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The {Kind} settings of {Id} cannot be read and are ignored. Store them again. {Reason}")]
    private partial void LogUnreadable(DocumentKind kind, string id, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The settings of kind {Kind} could not be read. The last known ones stay in use.")]
    private partial void LogFailed(DocumentKind kind, Exception exception);
}
