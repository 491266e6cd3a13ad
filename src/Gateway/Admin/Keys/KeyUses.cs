using System.Threading.Channels;
using Counter.Counting.Cluster;
using Counter.Counting.Documents;
using Counter.Gateway.Documents;

namespace Counter.Gateway.Admin.Keys;

/// <summary>Stores on which day each key was last used. No request waits for it.</summary>
/// <remarks>
/// A key is stored once a day: the first gateway changes its version, and the writes of all others expect the old one. A failed write is not repeated
/// on the same day, or every request would write to a store that is full.
/// </remarks>
internal sealed partial class KeyUses(ICluster cluster, TimeProvider clock, ILogger<KeyUses> log) : BackgroundService
{
    // While the queue is full a use is not stored. A later use of the key is.
    private const int MostWaiting = 1000;

    private readonly Channel<(string Id, Stored<KeyRecord> Key)> waiting = Channel.CreateBounded<(string, Stored<KeyRecord>)>(MostWaiting);
    private readonly Lock gate = new();
    private readonly HashSet<string> noted = [];
    private DateOnly day;

    private DateOnly Today => DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);

    /// <summary>Notes that a key is used.</summary>
    /// <param name="id">The public part of the key.</param>
    /// <param name="key">The key as it is stored.</param>
    public void Record(string id, Stored<KeyRecord> key)
    {
        var today = Today;
        if (key.Value.LastUsedOn >= today)
        {
            return;
        }

        lock (gate)
        {
            if (day != today)
            {
                day = today;
                noted.Clear();
            }

            if (!noted.Contains(id) && waiting.Writer.TryWrite((id, key)))
            {
                noted.Add(id);
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var (id, key) in waiting.Reader.ReadAllAsync(stoppingToken))
            {
                await WriteAsync(id, key, stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The gateway stops.
        }
    }

    private async Task WriteAsync(string id, Stored<KeyRecord> key, CancellationToken cancellationToken)
    {
        try
        {
            // This changes nothing when another gateway was first, or when the key was revoked in the meantime.
            await cluster.Documents.TryChangeAsync(
                [StoredDocuments.Put(DocumentKind.Key, id, key.Value with { LastUsedOn = Today }, key.Version)], cancellationToken);
        }
        catch (ClusterUnavailableException)
        {
            // The error is logged elsewhere.
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            LogFailed(e);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The day on which a key was last used could not be stored.")]
    private partial void LogFailed(Exception exception);
}
