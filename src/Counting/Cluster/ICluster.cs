using Counter.Counting.Documents;
using Counter.Counting.History;
using Counter.Counting.Pages;
using Counter.Counting.Polls;
using Counter.Counting.Presence;

namespace Counter.Counting.Cluster;

/// <summary>
/// Where gateways meet and numbers are made; the contract tests say what it means.
/// </summary>
/// <remarks>
/// Batches are numbered, so one may be lost, repeated or late and the numbers are right after the next one. A gateway that does not renew loses
/// its viewers when its lease ends.
/// </remarks>
public interface ICluster
{
    /// <summary>What people decided: settings, keys, webhooks, the audit log.</summary>
    IDocuments Documents { get; }

    /// <summary>The tables at which people play.</summary>
    ITables Tables { get; }

    /// <summary>The channels of the relay.</summary>
    IRelay Relay { get; }

    /// <summary>
    /// Tells the presence of a site what opened and closed at a gateway. A gateway renews before its first batch: of one that the cluster does not
    /// know, or gave up, nothing is taken.
    /// </summary>
    ValueTask<PresenceReply> SendAsync(string site, PresenceBatch batch, CancellationToken cancellationToken);

    /// <summary>Has this process told what others change of the numbers that its gateway shows, and what is to be done with its streams. Ends by its token only.</summary>
    Task ListenAsync(IBroadcastReceiver receiver, CancellationToken cancellationToken);

    /// <summary>Why the number of a page is what it is.</summary>
    ValueTask<PageExplanation> ExplainAsync(PageKey page, CancellationToken cancellationToken);

    /// <summary>What is known about a page or site; zeros for one never seen.</summary>
    ValueTask<CountStatus> GetAsync(CountKey key, CancellationToken cancellationToken);

    /// <summary>
    /// The history of a page or site, oldest first, one point for every step in the range that has begun, zeros included.
    /// </summary>
    /// <param name="key">The page or site.</param>
    /// <param name="step">The width of a point.</param>
    /// <param name="from">The first moment wanted, rounded down to a step; no earlier than the step's <see cref="HistorySteps.Keep"/>.</param>
    /// <param name="to">The end of the range, exclusive; no later than now.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    ValueTask<IReadOnlyList<HistoryPoint>> GetHistoryAsync(
        CountKey key, HistoryStep step, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken);

    /// <summary>
    /// A gateway says that it lives and how it is. Its streams hold for the length of a lease from here.
    /// </summary>
    /// <returns>False when the cluster gave the gateway's streams up, or never had them: the gateway asks the presence of each site what it has.</returns>
    ValueTask<bool> RenewAsync(GatewayState gateway, CancellationToken cancellationToken);

    /// <summary>A gateway says that it is about to stop, after its last batch. Its streams are gone, and what they came to is reported.</summary>
    ValueTask LeaveAsync(string gatewayId, CancellationToken cancellationToken);

    /// <summary>The gateways whose leases have not ended, by name.</summary>
    ValueTask<IReadOnlyList<GatewayStatus>> ListGatewaysAsync(CancellationToken cancellationToken);

    /// <summary>The whole installation in a few numbers.</summary>
    ValueTask<ClusterTotals> GetTotalsAsync(CancellationToken cancellationToken);

    /// <summary>Sites that were ever looked at or have settings.</summary>
    ValueTask<IReadOnlyList<SiteStatus>> ListSitesAsync(CountQuery query, CancellationToken cancellationToken);

    /// <summary>The pages of a site that were ever looked at.</summary>
    ValueTask<IReadOnlyList<CountStatus>> ListPagesAsync(string site, CountQuery query, CancellationToken cancellationToken);

    /// <summary>
    /// The pages of the whole installation that most people look at now, busiest first; none that nobody looks at. The numbers are those
    /// of now; which pages these are may be from some seconds ago.
    /// </summary>
    /// <param name="most">How many to return at most, up to 100.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    ValueTask<IReadOnlyList<CountStatus>> ListBusiestAsync(int most, CancellationToken cancellationToken);

    /// <summary>Takes a vote.</summary>
    /// <param name="poll">The id of the poll's document.</param>
    /// <param name="vote">The vote.</param>
    /// <param name="limits">How many visitors can be told apart.</param>
    /// <param name="cancellationToken">Gives up waiting; the vote may be taken all the same.</param>
    /// <returns>What came of it, once that is stored.</returns>
    ValueTask<VoteReply> VoteAsync(string poll, PollVote vote, BallotLimits limits, CancellationToken cancellationToken);

    /// <summary>Whether a visitor has voted in a poll today.</summary>
    ValueTask<bool> HasVotedAsync(string poll, ulong voter, CancellationToken cancellationToken);

    /// <summary>What a visitor has chosen in a poll today; null for nothing.</summary>
    ValueTask<VoteChoice?> FindVoteAsync(string poll, ulong voter, CancellationToken cancellationToken);

    /// <summary>
    /// Forgets the peak, the arrivals and the history of a page or, with those of all its pages, of a site. Viewers stay: they
    /// are there.
    /// </summary>
    /// <returns>False when it is not known.</returns>
    ValueTask<bool> ResetAsync(CountKey key, CancellationToken cancellationToken);

    /// <summary>Forgets a page or a site altogether; one that somebody looks at begins anew.</summary>
    /// <returns>False when it is not known.</returns>
    ValueTask<bool> DeleteAsync(CountKey key, CancellationToken cancellationToken);
}
