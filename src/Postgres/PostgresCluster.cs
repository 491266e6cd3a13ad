using System.Runtime.CompilerServices;
using Counter.Counting.Cluster;
using Counter.Counting.Documents;
using Counter.Counting.Pages;
using Microsoft.Extensions.Logging;

namespace Counter.Postgres;

/// <summary>The cluster of several gateways that share a PostgreSQL database, 15 or later. Safe for concurrent use.</summary>
/// <remarks>
/// <para>The counting is in the functions of the database (<c>Schema/</c>), one round trip for each report; nothing is kept here.
/// Whichever gateway is first gives up those that are not heard, once a second.</para>
/// <para>While the database does not answer, every call ends in a <see cref="ClusterUnavailableException"/>, and the change feed
/// goes on by itself when it does again.</para>
/// </remarks>
public sealed partial class PostgresCluster : ICluster, IAsyncDisposable
{
    // A page takes some 30 µs, and all the while others wait for its site.
    private const int PagesAtOnce = 1000;

    private readonly PostgresOptions options;
    private readonly ILogger log;
    private readonly Database database;
    private readonly PostgresDocuments documents;
    private readonly Watch watch;

    /// <summary>Connects when it is first needed.</summary>
    /// <param name="options">Where the database is and how the engine works.</param>
    /// <param name="clock">Paces what is done in the background. The time that counts is the database's.</param>
    /// <param name="logger">Told when the database does not answer and when it does again.</param>
    /// <exception cref="ArgumentException">The connection string cannot be understood.</exception>
    public PostgresCluster(PostgresOptions options, TimeProvider clock, ILogger<PostgresCluster> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(clock);
        (this.options, log) = (options, logger);
        database = new Database(options.ConnectionString, logger);
        documents = new PostgresDocuments(database);
        watch = new Watch(database, options, clock, logger);
    }

    /// <inheritdoc/>
    public IDocuments Documents => documents;

    /// <inheritdoc/>
    public async ValueTask<ReportReply> ReportAsync(Report report, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(report);
        var totals = new List<Total>(report.Pages.Count + 1);
        var sites = new Dictionary<string, Total>();
        var refused = new List<PageKey>();
        if (report.Pages.Count == 0)
        {
            return new ReportReply([], [], await database.CountAsync<bool>(
                "SELECT EXISTS (SELECT FROM counter.gateways WHERE id = $1 AND NOT lapsed)", cancellationToken, report.GatewayId));
        }

        foreach (var pages in report.Pages.Chunk(PagesAtOnce))
        {
            if (!await ReportAsync(report, pages, totals, sites, refused, cancellationToken))
            {
                return new ReportReply([], [], Known: false);
            }
        }

        return new ReportReply([.. totals, .. report.Pages.Select(p => p.Page.Site).Distinct().Where(sites.ContainsKey).Select(s => sites[s])], refused);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<Total> ChangesAsync(
        Func<IEnumerable<CountKey>>? shown, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var listener = new ChangeListener(database, shown, log);
        while (true)
        {
            foreach (var total in await listener.TakeAsync(cancellationToken))
            {
                yield return total;
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask<bool> RenewAsync(GatewayState gateway, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(gateway);
        return await database.CountAsync<bool>(
            "SELECT counter.renew($1, $2, $3, $4, $5, $6, $7)", cancellationToken,
            gateway.Id, gateway.Name, gateway.Version, gateway.StartedAt.UtcDateTime, gateway.Streams, gateway.Viewers, gateway.Address);
    }

    /// <inheritdoc/>
    public async ValueTask LeaveAsync(string gatewayId, CancellationToken cancellationToken)
    {
        await database.CountAsync<object>("SELECT counter.leave($1)::text", cancellationToken, gatewayId);
        await watch.ReleaseAsync(gatewayId, cancellationToken);
    }

    /// <summary>
    /// Gives up the viewers of gateways that were not heard in time, and clears up. The same is done in the background; a caller
    /// that does it too does no harm, and knows when it is done.
    /// </summary>
    public async ValueTask ExpireAndTidyAsync(CancellationToken cancellationToken)
    {
        await watch.ExpireAsync(cancellationToken);
        await watch.TidyAsync(cancellationToken);
    }

    /// <summary>Ends what is done in the background, and closes the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        await watch.DisposeAsync();
        await database.DisposeAsync();
    }

    private async Task<bool> ReportAsync(
        Report report, PageReport[] pages, List<Total> totals, Dictionary<string, Total> sites, List<PageKey> refused, CancellationToken cancellationToken)
    {
        // Of a page that is named twice, the newest counts.
        pages = pages.Length < 2 ? pages : [.. pages.GroupBy(p => p.Page).Select(same => same.MaxBy(p => p.Sequence))];
        var rows = await database.CountAsync(
            "SELECT place, of_site, now_version, now_viewers FROM counter.report($1, $2, $3, $4, $5, $6, $7, $8, $9) ORDER BY place",
            row => (Place: row.GetInt32(0), Site: row.IsDBNull(1) ? null : row.GetString(1), Version: row.IsDBNull(2) ? (long?)null : row.GetInt64(2), Viewers: row.IsDBNull(3) ? 0 : row.GetInt32(3)),
            cancellationToken,
            report.GatewayId,
            Array.ConvertAll(pages, p => p.Page.Site),
            Array.ConvertAll(pages, p => p.Page.Path),
            Array.ConvertAll(pages, p => p.Opened),
            Array.ConvertAll(pages, p => p.Sequence),
            Array.ConvertAll(pages, p => p.Viewers),
            Array.ConvertAll(pages, p => p.Arrivals),
            Array.ConvertAll(pages, p => report.MostPagesOf(p.Page.Site, options.MaxPagesPerSite)),
            options.MaxSites);
        foreach (var row in rows)
        {
            if (row.Site is { } site)
            {
                sites[site] = new Total(CountKey.ForSite(site), row.Version!.Value, row.Viewers);
            }
            else if (row.Version is { } version)
            {
                totals.Add(new Total(CountKey.ForPage(pages[row.Place - 1].Page), version, row.Viewers));
            }
            else
            {
                refused.Add(pages[row.Place - 1].Page);
            }
        }

        return rows.Count > 0;
    }
}
