using Counter.Counting.Documents;
using Counter.Counting.History;
using Counter.Counting.Pages;
using Counter.Counting.Polls;

namespace Counter.Counting.Cluster;

/// <summary>
/// Where gateways meet and totals are made. One contract for every engine (embedded, PostgreSQL, Orleans);
/// the contract tests say what it means.
/// </summary>
/// <remarks>
/// Reports are absolute, idempotent and ordered, so a report may be lost, repeated or late and the total is
/// still right after the next one. A gateway that stops reporting loses its viewers when its lease ends.
/// </remarks>
public interface ICluster
{
    /// <summary>What people decided: settings, keys, webhooks, the audit log.</summary>
    IDocuments Documents { get; }

    /// <summary>
    /// Takes what one gateway says about the pages that changed and replies with the truth. A gateway renews before its first
    /// report: of one that the cluster does not know, or gave up, nothing is taken, so that no report that was long under way
    /// brings viewers back.
    /// </summary>
    /// <returns>The totals of every page reported and of their sites, and the pages that were refused.</returns>
    ValueTask<ReportReply> ReportAsync(Report report, CancellationToken cancellationToken);

    /// <summary>
    /// The totals as they change, whoever reported. Each is a hint that speeds things up: one may come late, but after at most
    /// five seconds in which the cluster answers, the newest total of every number shown has come.
    /// </summary>
    /// <param name="shown">
    /// Tells the numbers that the caller shows now, which may change; asked often, and not in parallel: the object it returned the last
    /// time says that they are the same. The engine may leave out others. Null for all numbers, without the promise of those five seconds.
    /// </param>
    /// <param name="cancellationToken">Ends it; nothing else does.</param>
    IAsyncEnumerable<Total> ChangesAsync(Func<IEnumerable<CountKey>>? shown, CancellationToken cancellationToken);

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
    /// A gateway says that it lives and how it is. All it reported holds for the length of a lease from here, so that a gateway
    /// with a million pages need not report them again and again.
    /// </summary>
    /// <returns>False when the cluster gave the gateway's viewers up, or never had them: the gateway reports all its pages again.</returns>
    ValueTask<bool> RenewAsync(GatewayState gateway, CancellationToken cancellationToken);

    /// <summary>A gateway says that it is about to stop, after its last report. Nothing it reported holds any longer.</summary>
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
    ValueTask<VoteAnswer> VoteAsync(string poll, PollVote vote, BallotLimits limits, CancellationToken cancellationToken);

    /// <summary>Whether a visitor has voted in a poll today.</summary>
    ValueTask<bool> HasVotedAsync(string poll, ulong voter, CancellationToken cancellationToken);

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
