using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Counter.Counting.Cluster;
using Counter.Counting.Documents;
using Counter.Gateway.Documents;

namespace Counter.Gateway.Cluster;

/// <summary>
/// A secret that only the gateways of a cluster share. The first gateway makes it and stores it beside the settings. Keys for different purposes
/// are derived from it.
/// </summary>
/// <remarks>There is no secret while the engine does not answer. The read is retried until it does, or the host stops.</remarks>
internal sealed partial class ClusterSecret(ICluster cluster, TimeProvider clock, ILogger<ClusterSecret> log) : BackgroundService
{
    private const string Id = "secret";
    private const int Bytes = 32;

    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ReadTimeout = TimeSpan.FromSeconds(5);

    private volatile byte[]? secret;

    /// <summary>A key for one purpose, the same on all gateways. Null until the secret is read.</summary>
    public byte[]? Derive(string purpose) => secret is { } known
        ? HKDF.DeriveKey(HashAlgorithmName.SHA256, known, Bytes, info: Encoding.UTF8.GetBytes(purpose))
        : null;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await TryReadAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (secret is null && !stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(Again, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await TryReadAsync(stoppingToken);
        }
    }

    private async Task TryReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            timeout.CancelAfter(ReadTimeout);
            secret = await ReadAsync(timeout.Token);
        }
        catch (ClusterUnavailableException)
        {
            // The cluster connection has logged it. Until it answers, visitor hashes use a secret of this gateway alone.
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The gateway is stopping.
        }
        catch (Exception e)
        {
            LogFailed(e);
        }
    }

    private async ValueTask<byte[]> ReadAsync(CancellationToken cancellationToken)
    {
        if (await cluster.Documents.FindAsync(DocumentKind.ClusterSecret, Id, cancellationToken) is not { Json: { } json })
        {
            // One of the gateways that start together writes first. The others read its secret.
            json = JsonSerializer.Serialize(RandomNumberGenerator.GetBytes(Bytes), DocumentsJson.Default.ByteArray);
            if (await cluster.Documents.TryChangeAsync([new(DocumentKind.ClusterSecret, Id, json, Expected: 0)], cancellationToken) is null)
            {
                json = (await cluster.Documents.FindAsync(DocumentKind.ClusterSecret, Id, cancellationToken))?.Json
                    ?? throw new InvalidOperationException("The cluster's secret was deleted while it was read.");
            }
        }

        return JsonSerializer.Deserialize(json, DocumentsJson.Default.ByteArray)!;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The cluster's secret could not be read; until it is, "
        + "visitors are identified with a secret of this gateway alone.")]
    private partial void LogFailed(Exception exception);
}
