using System.Threading.Channels;
using Counter.Counting.Cluster;
using Counter.Counting.Documents;
using Counter.Gateway.Documents;

namespace Counter.Gateway.Admin.Keys;

/// <summary>Writes on which day a key was last used. No request waits for it.</summary>
/// <remarks>
/// A key is written once a day: by the gateway that is first, since the others expect the version before. What fails is not tried again before
/// the next day, so that a store that is full is not asked with every request.
/// </remarks>
internal sealed partial class KeyUses(ICluster cluster, TimeProvider clock, ILogger<KeyUses> log) : BackgroundService
{
    // When it is full, the next use of the key is written.
    private const int MostWaiting = 1000;

    private readonly Channel<(string Id, Stored<KeyRecord> Key)> waiting = Channel.CreateBounded<(string, Stored<KeyRecord>)>(MostWaiting);
    private readonly Lock gate = new();
    private readonly HashSet<string> noted = [];
    private DateOnly day;

    private DateOnly Today => DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);

    /// <summary>The key was used now.</summary>
    /// <param name="id">The public part of the key.</param>
    /// <param name="key">The key as it is stored.</param>
    public void Note(string id, Stored<KeyRecord> key)
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
            // Nothing is changed where another gateway was first, or where the key was revoked meanwhile.
            await cluster.Documents.TryChangeAsync(
                [StoredDocuments.Put(DocumentKind.Key, id, key.Value with { LastUsedOn = Today }, key.Version)], cancellationToken);
        }
        catch (ClusterUnavailableException)
        {
            // The engine has said so.
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            LogFailed(e);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The day on which a key was last used could not be stored.")]
    private partial void LogFailed(Exception exception);
}
