using System.Collections.Concurrent;
using Counter.Counting.Cluster;
using Counter.Gateway.Cluster;
using Counter.Gateway.Operations;
using Counter.Gateway.Relay.Elsewhere;

namespace Counter.Gateway.Links;

/// <summary>Keeps a link to every other gateway that the cluster lists.</summary>
/// <remarks>
/// While the cluster does not answer, the links stay as they are: losing the engine does not part gateways that hear each other. A
/// gateway that is not listed any more is dropped at once when it is not heard either, and soon when it is.
/// The loop ends when the host stops.
/// </remarks>
internal sealed partial class LinkKeeper : BackgroundService
{
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly ICluster cluster;
    private readonly ThisGateway here;
    private readonly LinkClient client;
    private readonly Sources sources;
    private readonly TimeProvider clock;
    private readonly ILogger<LinkKeeper> log;
    private readonly ConcurrentDictionary<string, Hearing> links = [];
    private readonly SemaphoreSlim due = new(0, 1);

    public LinkKeeper(
        ICluster cluster, ThisGateway here, LinkClient client, Sources sources, TimeProvider clock, CounterMetrics metrics,
        ILogger<LinkKeeper> log)
    {
        (this.cluster, this.here, this.client, this.sources, this.clock, this.log) = (cluster, here, client, sources, clock, log);
        metrics.Meter.CreateObservableUpDownCounter("counter.links.active", () => Heard, "{link}", "Other gateways that are heard.");
    }

    /// <summary>How many other gateways are heard.</summary>
    public int Heard => links.Values.Count(link => link.IsUp);

    /// <summary>The other gateways that are heard.</summary>
    public IReadOnlyList<GatewayState> All => [.. links.Values.Where(link => link.IsUp).Select(link => link.Gateway)];

    /// <summary>A gateway that is heard; null when it is not.</summary>
    public GatewayState? Find(string gateway) => links.GetValueOrDefault(gateway) is { IsUp: true } link ? link.Gateway : null;

    /// <summary>A gateway has asked; when it is a new one the cluster is asked about it without delay.</summary>
    public void Met(string gateway)
    {
        if (!links.ContainsKey(gateway))
        {
            Wake();
        }
    }

    public override void Dispose()
    {
        due.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!here.HasOthers)
        {
            return;
        }

        here.Listening += Wake;
        using var round = clock.CreateTimer(_ => Wake(), null, Round, Round);
        try
        {
            while (true)
            {
                await due.WaitAsync(stoppingToken);
                try
                {
                    await KeepAsync(stoppingToken);
                }
                catch (ClusterUnavailableException)
                {
                    // The engine has said so; the links that are there go on.
                }
                catch (Exception e) when (!stoppingToken.IsCancellationRequested)
                {
                    LogFailed(e);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The gateway stops.
        }

        foreach (var link in links.Values)
        {
            await link.DisposeAsync();
        }
    }

    private async Task KeepAsync(CancellationToken cancellationToken)
    {
        if (here.Address.Length == 0)
        {
            return;
        }

        using var patience = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        var listed = (await cluster.ListGatewaysAsync(either.Token))
            .Select(gateway => gateway.State).Where(gateway => gateway.Id != here.Id && gateway.Address.Length > 0).ToDictionary(gateway => gateway.Id);
        foreach (var gateway in listed.Values)
        {
            if (links.TryGetValue(gateway.Id, out var known))
            {
                known.MissingSince = null;
            }
            else
            {
                links[gateway.Id] = new Hearing(gateway, client, sources, clock, log);
            }
        }

        foreach (var (id, link) in links.Where(link => !listed.ContainsKey(link.Key)))
        {
            link.MissingSince ??= clock.GetTimestamp();
            if (!link.IsUp || clock.GetElapsedTime(link.MissingSince.Value) >= Hearing.Remember)
            {
                links.TryRemove(id, out _);
                await link.DisposeAsync();
            }
        }
    }

    private void Wake()
    {
        try
        {
            due.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is due already.
        }
        catch (ObjectDisposedException)
        {
            // The gateway stops.
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The cluster did not list its gateways; those that are linked stay so.")]
    private partial void LogFailed(Exception exception);
}
