using Counter.Counting.Documents;
using Counter.Counting.History;
using Counter.Counting.Pages;
using Counter.Counting.Polls;
using Counter.Counting.Presence;

namespace Counter.Counting.Cluster;

/// <summary>
/// The cluster as gateways call it. The contract tests define its behaviour.
/// </summary>
/// <remarks>
/// Batches are numbered: one may be lost, repeated or late, and the numbers are correct after the next one. A gateway that does not renew
/// its lease loses its viewers when the lease ends.
/// </remarks>
public interface ICluster
{
    /// <summary>The documents: settings, keys, webhooks, the audit log.</summary>
    IDocuments Documents { get; }

    /// <summary>The tables of the game.</summary>
    ITables Tables { get; }

    /// <summary>The channels of the relay.</summary>
    IRelay Relay { get; }

    /// <summary>
    /// Sends the presence of a site the streams that opened and closed at a gateway. A gateway must renew its lease before its first batch:
    /// batches of an unknown or expired gateway are not applied.
    /// </summary>
    ValueTask<PresenceReply> SendAsync(string site, PresenceBatch batch, CancellationToken cancellationToken);

    /// <summary>
    /// Subscribes this process to changes of the numbers that its gateway shows, and to commands for its streams. Ends only by its token.
    /// </summary>
    Task ListenAsync(IBroadcastReceiver receiver, CancellationToken cancellationToken);

    /// <summary>Explains the number of a page.</summary>
    ValueTask<PageExplanation> ExplainAsync(PageKey page, CancellationToken cancellationToken);

    /// <summary>The numbers of a page or site; zeros for one that was never seen.</summary>
    ValueTask<CountStatus> GetAsync(CountKey key, CancellationToken cancellationToken);

    /// <summary>The viewers of several numbers of one site now, in the order of the keys.</summary>
    ValueTask<IReadOnlyList<long>> CountAsync(string site, IReadOnlyList<CountKey> keys, CancellationToken cancellationToken);

    /// <summary>
    /// The history of a page or site, oldest first, with one point for every step in the range that has begun, zeros included.
    /// </summary>
    /// <param name="key">The page or site.</param>
    /// <param name="step">The width of a point.</param>
    /// <param name="from">The start of the range, rounded down to a step; no earlier than the step's <see cref="HistorySteps.Keep"/>.</param>
    /// <param name="to">The end of the range, exclusive; no later than now.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    ValueTask<IReadOnlyList<HistoryPoint>> GetHistoryAsync(
        CountKey key, HistoryStep step, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken);

    /// <summary>
    /// Renews the lease of a gateway and reports its state. Its streams count until the lease ends.
    /// </summary>
    /// <returns>
    /// False when the cluster has dropped the gateway's streams or never had them: the gateway must check with the presence of each site.
    /// </returns>
    ValueTask<bool> RenewAsync(GatewayState gateway, CancellationToken cancellationToken);

    /// <summary>Removes a gateway that stops, after its last batch. Its streams are closed and the changes are reported.</summary>
    ValueTask LeaveAsync(string gatewayId, CancellationToken cancellationToken);

    /// <summary>The gateways with a valid lease, by name.</summary>
    ValueTask<IReadOnlyList<GatewayStatus>> ListGatewaysAsync(CancellationToken cancellationToken);

    /// <summary>The numbers of the whole installation.</summary>
    ValueTask<ClusterTotals> GetTotalsAsync(CancellationToken cancellationToken);

    /// <summary>The sites that ever had viewers or have settings.</summary>
    ValueTask<IReadOnlyList<SiteStatus>> ListSitesAsync(CountQuery query, CancellationToken cancellationToken);

    /// <summary>The pages of a site that ever had viewers.</summary>
    ValueTask<IReadOnlyList<CountStatus>> ListPagesAsync(string site, CountQuery query, CancellationToken cancellationToken);

    /// <summary>
    /// The pages of the whole installation that have the most viewers now, busiest first. Pages without viewers are not listed. The numbers
    /// are current; the choice of pages may be some seconds old.
    /// </summary>
    /// <param name="most">The most pages to return, up to 100.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    ValueTask<IReadOnlyList<CountStatus>> ListBusiestAsync(int most, CancellationToken cancellationToken);

    /// <summary>Casts a vote.</summary>
    /// <param name="poll">The id of the poll's document.</param>
    /// <param name="vote">The vote.</param>
    /// <param name="limits">The limits of the ballots that are kept.</param>
    /// <param name="cancellationToken">Cancels the wait. The vote may be stored nevertheless.</param>
    /// <returns>The result, after it is stored.</returns>
    ValueTask<VoteReply> VoteAsync(string poll, PollVote vote, BallotLimits limits, CancellationToken cancellationToken);

    /// <summary>Whether a visitor has voted in a poll today.</summary>
    ValueTask<bool> HasVotedAsync(string poll, ulong voter, CancellationToken cancellationToken);

    /// <summary>The choice of a visitor in a poll today; null for none.</summary>
    ValueTask<VoteChoice?> FindVoteAsync(string poll, ulong voter, CancellationToken cancellationToken);

    /// <summary>
    /// Resets the peak, the arrivals and the history of a page, or of a site and all its pages. The current viewers stay.
    /// </summary>
    /// <returns>False when the page or site is unknown.</returns>
    ValueTask<bool> ResetAsync(CountKey key, CancellationToken cancellationToken);

    /// <summary>Deletes a page or a site. One that has viewers starts again with no arrivals.</summary>
    /// <returns>False when the page or site is unknown.</returns>
    ValueTask<bool> DeleteAsync(CountKey key, CancellationToken cancellationToken);
}
