using Counter.Counting.Cluster;
using Counter.Counting.Play;
using Counter.Grains.Play;

namespace Counter.Grains.Client;

/// <summary>The tables, one grain each.</summary>
internal sealed class OrleansTables(ClusterLink link) : ITables
{
    /// <inheritdoc/>
    public async ValueTask<TableState?> BeginAsync(string table, TableRules rules, string ticket, ulong browser, CancellationToken cancellationToken) =>
        await AskAsync(table, grain => grain.BeginAsync(rules, ticket, browser), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<TableState?> FindAsync(string table, CancellationToken cancellationToken) =>
        await AskAsync(table, grain => grain.FindAsync(), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<TableVisit?> OpenAsync(string table, string ticket, ulong browser, bool stays, CancellationToken cancellationToken) =>
        await AskAsync(table, grain => grain.OpenAsync(ticket, browser, stays), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<TableAnswer?> ClickAsync(string table, TableClick click, CancellationToken cancellationToken) =>
        await AskAsync(table, grain => grain.ClickAsync(click), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<TableState?> ReportAsync(string table, TableReport report, CancellationToken cancellationToken) =>
        await AskAsync(table, grain => grain.ReportAsync(report), cancellationToken);

    private Task<T> AskAsync<T>(string table, Func<ITableGrain, Task<T>> ask, CancellationToken cancellationToken) =>
        link.AskAsync(cluster => ask(cluster.Find<ITableGrain>(table)), cancellationToken);
}
