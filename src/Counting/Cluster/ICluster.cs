using Counter.Counting.History;
using Counter.Counting.Pages;

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
    /// <summary>Takes what one gateway says about the pages that changed and replies with the truth.</summary>
    /// <returns>The totals of every page reported and of their sites, and the pages that were refused.</returns>
    ValueTask<ReportReply> ReportAsync(Report report, CancellationToken cancellationToken);

    /// <summary>
    /// The totals as they change, whoever reported. Each is a hint that speeds things up and may be lost:
    /// the reply to a report carries the truth. Ends only by <paramref name="cancellationToken"/>.
    /// </summary>
    IAsyncEnumerable<Total> ChangesAsync(CancellationToken cancellationToken);

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
}
