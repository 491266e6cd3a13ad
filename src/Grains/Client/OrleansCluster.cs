using Counter.Counting.Cluster;
using Counter.Counting.Documents;
using Counter.Counting.History;
using Counter.Counting.Pages;
using Counter.Counting.Polls;
using Counter.Counting.Presence;
using Counter.Grains.Changes;
using Counter.Grains.Gateways;
using Counter.Grains.Polls;
using Counter.Grains.Presence;
using Counter.Grains.Sites;
using Microsoft.Extensions.Logging;

namespace Counter.Grains.Client;

/// <summary>The cluster as grains in silos. Safe for concurrent use.</summary>
/// <remarks>
/// While the silos do not answer, every call throws a <see cref="ClusterUnavailableException"/>. The change feed continues by itself when they
/// answer again.
/// </remarks>
public sealed partial class OrleansCluster : ICluster
{
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(1);

    private readonly Guid client = Guid.NewGuid();
    private readonly ClusterLink link;
    private readonly OrleansDocuments documents;
    private readonly OrleansTables tables;
    private readonly OrleansRelay relay;
    private readonly TimeProvider clock;
    private readonly ILogger log;

    /// <summary>Uses a client that connects by itself.</summary>
    /// <param name="connect">Returns the client once it is connected, and null before.</param>
    /// <param name="clock">Paces background work only. Counting uses the time of the silos.</param>
    /// <param name="logger">Logs when the silos stop answering and when they answer again.</param>
    public OrleansCluster(Func<IClusterClient?> connect, TimeProvider clock, ILogger<OrleansCluster> logger)
    {
        (this.clock, log) = (clock, logger);
        link = new ClusterLink(connect, logger);
        documents = new OrleansDocuments(link);
        tables = new OrleansTables(link);
        relay = new OrleansRelay(link);
    }

    /// <inheritdoc/>
    public IDocuments Documents => documents;

    /// <inheritdoc/>
    public ITables Tables => tables;

    /// <inheritdoc/>
    public IRelay Relay => relay;

    /// <inheritdoc/>
    public async ValueTask<PresenceReply> SendAsync(string site, PresenceBatch batch, CancellationToken cancellationToken) =>
        await link.AskAsync(cluster => cluster.Find<IPresenceGrain>(site).SendAsync(batch), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<PageExplanation> ExplainAsync(PageKey page, CancellationToken cancellationToken) =>
        await link.AskAsync(cluster => cluster.Find<IPresenceGrain>(page.Site).ExplainAsync(page.Path), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<CountStatus> GetAsync(CountKey key, CancellationToken cancellationToken)
    {
        var presence = link.AskAsync(cluster => cluster.Find<IPresenceGrain>(key.Site).FindAsync(key), cancellationToken);
        var status = key.Of is CountOf.Page or CountOf.Site
            ? await link.AskAsync(cluster => cluster.Find<ISiteGrain>(key.Site).GetAsync(key), cancellationToken)
            : CountStatus.Unseen(key);

        // A new presence does not know all viewers until every gateway has resynced.
        var (total, isWhole) = await presence;
        var viewers = (int)total.Viewers;
        return status with { Viewers = isWhole ? viewers : Math.Max(viewers, status.Viewers) };
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<long>> CountAsync(string site, IReadOnlyList<CountKey> keys, CancellationToken cancellationToken)
    {
        var (viewers, isWhole) = await link.AskAsync(cluster => cluster.Find<IPresenceGrain>(site).CountAsync(keys), cancellationToken);

        // A new presence does not know all viewers until every gateway has resynced.
        return isWhole ? viewers : [.. (await Task.WhenAll(keys.Select(key => GetAsync(key, cancellationToken).AsTask()))).Select(status => (long)status.Viewers)];
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<HistoryPoint>> GetHistoryAsync(
        CountKey key, HistoryStep step, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) =>
        await link.AskAsync(cluster => cluster.Find<ISiteGrain>(key.Site).HistoryAsync(key, step, from, to), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<bool> RenewAsync(GatewayState gateway, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(gateway);
        return await link.AskAsync(cluster => cluster.GetGrain<IGatewayRegistryGrain>(0).RenewAsync(gateway, client), cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask LeaveAsync(string gatewayId, CancellationToken cancellationToken) => await link.AskAsync(
        async cluster =>
        {
            await cluster.GetGrain<IGatewayRegistryGrain>(0).LeaveAsync(gatewayId);
            return true;
        },
        cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<GatewayStatus>> ListGatewaysAsync(CancellationToken cancellationToken) =>
        await link.AskAsync(cluster => cluster.GetGrain<IGatewayRegistryGrain>(0).ListAsync(), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<ClusterTotals> GetTotalsAsync(CancellationToken cancellationToken) =>
        await link.AskAsync(cluster => cluster.GetGrain<ISiteDirectoryGrain>(0).TotalsAsync(), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<SiteStatus>> ListSitesAsync(CountQuery query, CancellationToken cancellationToken) =>
        await link.AskAsync(cluster => cluster.GetGrain<ISiteDirectoryGrain>(0).ListAsync(query), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<CountStatus>> ListPagesAsync(string site, CountQuery query, CancellationToken cancellationToken) =>
        await link.AskAsync(cluster => cluster.Find<ISiteGrain>(site).PagesAsync(query), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<CountStatus>> ListBusiestAsync(int most, CancellationToken cancellationToken) =>
        await link.AskAsync(cluster => cluster.GetGrain<ISiteDirectoryGrain>(0).BusiestAsync(most), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<VoteReply> VoteAsync(string poll, PollVote vote, BallotLimits limits, CancellationToken cancellationToken) =>
        await link.AskAsync(cluster => cluster.Find<IPollGrain>(poll).VoteAsync(vote, limits), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<bool> HasVotedAsync(string poll, ulong voter, CancellationToken cancellationToken) =>
        await link.AskAsync(cluster => cluster.Find<IPollGrain>(poll).HasVotedAsync(voter), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<VoteChoice?> FindVoteAsync(string poll, ulong voter, CancellationToken cancellationToken) =>
        await link.AskAsync(cluster => cluster.Find<IPollGrain>(poll).FindVoteAsync(voter), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<bool> ResetAsync(CountKey key, CancellationToken cancellationToken) =>
        await link.AskAsync(cluster => cluster.Find<ISiteGrain>(key.Site).ResetAsync(key, forget: false), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<bool> DeleteAsync(CountKey key, CancellationToken cancellationToken) =>
        await link.AskAsync(cluster => cluster.Find<ISiteGrain>(key.Site).ResetAsync(key, forget: true), cancellationToken);

    /// <inheritdoc/>
    /// <remarks>Keeps the inbox open, and retries after every failure.</remarks>
    public async Task ListenAsync(IBroadcastReceiver receiver, CancellationToken cancellationToken)
    {
        var inbox = new ChangeReceiver(client, receiver, clock, log);
        var failed = false;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await link.AskAsync(
                    async cluster =>
                    {
                        await inbox.KeepAsync(cluster);
                        return true;
                    },
                    cancellationToken);
                failed = false;
            }
            catch (Exception e) when (e is ClusterUnavailableException || cancellationToken.IsCancellationRequested)
            {
                // The link has logged it, or the gateway stops.
            }
            catch (Exception e)
            {
                // Log once, not every second.
                if (!failed)
                {
                    LogNotListening(e);
                }

                failed = true;
            }

            await Task.Delay(Round, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (link.Client is { } connected)
        {
            await inbox.CloseAsync(connected).WaitAsync(Round, TimeProvider.System, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The subscription to changes failed; trying again.")]
    private partial void LogNotListening(Exception exception);
}
