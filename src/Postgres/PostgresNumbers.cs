using Counter.Counting.Cluster;
using Counter.Counting.History;
using Counter.Counting.Pages;
using Npgsql;

namespace Counter.Postgres;

/// <content>What is known of pages and sites. Nothing here is in the way of a frame.</content>
public sealed partial class PostgresCluster
{
    // Each with up to 3,000 rows of history, of which the database deletes some 300 in a millisecond.
    private const int PagesForgottenAtOnce = 200;

    private const string StatusColumns = "c.site, c.path, c.viewers, c.peak, c.peak_at, c.arrivals, c.since";

    /// <inheritdoc/>
    public async ValueTask<CountStatus> GetAsync(CountKey key, CancellationToken cancellationToken)
    {
        var found = await database.QueryAsync(
            $"SELECT {StatusColumns} FROM counter.counts c WHERE c.site = $1 AND c.path = $2 AND $3",
            ReadStatus, cancellationToken, key.Site, key.Path, key.Of != CountOf.Visitors);
        return found.FirstOrDefault() ?? CountStatus.Unseen(key);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<HistoryPoint>> GetHistoryAsync(
        CountKey key, HistoryStep step, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        var sum = step switch { HistoryStep.Minute => "c.minute", HistoryStep.Hour => "c.hour", _ => "c.day" };
        var rows = await database.QueryAsync(
            $"""
            SELECT counter.now_ms(), c.viewers, c.seen_at, ({sum}).peak, ({sum}).spent, ({sum}).arrivals,
                h.first, h.after, h.peak, h.spent, h.arrivals
            FROM (SELECT) asked
            LEFT JOIN counter.counts c ON c.site = $1 AND c.path = $2 AND $3
            LEFT JOIN counter.history h ON h.count_id = c.id AND h.step = $4
            """,
            row => (
                Now: row.GetInt64(0),
                Open: row.IsDBNull(1) ? null : new OpenStep(row.GetInt32(1), row.GetInt64(2), new StepSum(row.GetInt32(3), row.GetInt64(4), row.GetInt64(5))),
                Closed: row.IsDBNull(6) ? null : new ClosedSteps(row.GetInt32(6), row.GetInt32(7), new StepSum(row.GetInt32(8), row.GetInt64(9), row.GetInt64(10)))),
            cancellationToken, key.Site, key.Path, key.Of != CountOf.Visitors, (short)step);
        return Past.Read(step, from, to, rows[0].Now, rows[0].Open, rows.Select(r => r.Closed).OfType<ClosedSteps>());
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<GatewayStatus>> ListGatewaysAsync(CancellationToken cancellationToken) => await database.QueryAsync(
        """
        SELECT id, name, version, started_at, streams, viewers, heard_at, address FROM counter.gateways
        WHERE NOT lapsed AND heard_at + $1 > counter.now_ms() ORDER BY name, started_at
        """,
        row => new GatewayStatus(
            new GatewayState(
                row.GetString(0), row.GetString(1), row.GetString(2), row.GetFieldValue<DateTimeOffset>(3), row.GetInt32(4), row.GetInt32(5), row.GetString(7)),
            DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(6))),
        cancellationToken, (long)options.LeaseDuration.TotalMilliseconds);

    /// <inheritdoc/>
    public async ValueTask<ClusterTotals> GetTotalsAsync(CancellationToken cancellationToken) => (await database.QueryAsync(
        """
        SELECT least(coalesce(sum(s.viewers), 0), 2147483647)::int, sum(s.arrivals)::bigint, min(o.active), min(o.pages), count(s.site)::int
            + (SELECT count(*) FROM counter.documents d WHERE d.kind = 'Site' AND d.json IS NOT NULL
                AND NOT EXISTS (SELECT FROM counter.counts k WHERE k.site = d.id AND k.path = ''))::int
        FROM counter.look_over() o LEFT JOIN counter.counts s ON s.path = ''
        """,
        row => new ClusterTotals(
            row.GetInt32(0), row.IsDBNull(1) ? 0 : row.GetInt64(1), row.GetInt32(2), row.GetInt32(3), row.GetInt32(4)),
        cancellationToken)).Single();

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<SiteStatus>> ListSitesAsync(CountQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        return await database.QueryAsync(
            $"""
            SELECT {StatusColumns}, (SELECT count(*) FROM counter.counts p WHERE p.site = c.site AND p.path <> '')::int
            FROM (
                SELECT site, path, viewers, peak, peak_at, arrivals, since, {Value(query.Order)} AS value FROM counter.counts WHERE path = ''
                UNION ALL
                SELECT d.id, '', 0, 0, NULL, 0, NULL, 0 FROM counter.documents d WHERE d.kind = 'Site' AND d.json IS NOT NULL
                    AND NOT EXISTS (SELECT FROM counter.counts s WHERE s.site = d.id AND s.path = '')) c
            {Part("c.site")}
            """,
            row => new SiteStatus(ReadStatus(row), row.GetInt32(7)),
            cancellationToken, Place(query));
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<CountStatus>> ListPagesAsync(string site, CountQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        return await database.QueryAsync(
            $"""
            SELECT {StatusColumns}
            FROM (SELECT *, {Value(query.Order)} AS value FROM counter.counts WHERE site = $5 AND path <> '') c
            {Part("c.path")}
            """,
            ReadStatus, cancellationToken, [.. Place(query), site]);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<CountStatus>> ListBusiestAsync(int most, CancellationToken cancellationToken) => await database.QueryAsync(
        $"""
        SELECT {StatusColumns} FROM counter.look_over() o CROSS JOIN unnest(o.busiest) b (id) JOIN counter.counts c ON c.id = b.id
        WHERE c.viewers > 0 ORDER BY c.viewers DESC, c.site, c.path LIMIT $1
        """,
        ReadStatus, cancellationToken, most);

    /// <inheritdoc/>
    public ValueTask<bool> ResetAsync(CountKey key, CancellationToken cancellationToken) => ForgetAsync(key, altogether: false, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> DeleteAsync(CountKey key, CancellationToken cancellationToken) => ForgetAsync(key, altogether: true, cancellationToken);

    private async ValueTask<bool> ForgetAsync(CountKey key, bool altogether, CancellationToken cancellationToken)
    {
        for (var after = key.Of == CountOf.Site ? "" : null; after is not null;)
        {
            after = await database.AskAsync<string>(
                "SELECT counter.reset_pages($1, $2, $3, $4)", cancellationToken, key.Site, after, PagesForgottenAtOnce, altogether);
        }

        return await database.AskAsync<bool>("SELECT counter.reset($1, $2, $3)", cancellationToken, key.Site, new[] { key.Path }, altogether);
    }

    private static CountStatus ReadStatus(NpgsqlDataReader row) => new(
        CountKey.For(row.GetString(0), row.GetString(1)),
        row.GetInt32(2), row.GetInt32(3), ReadTime(row, 4), row.GetInt64(5), ReadTime(row, 6));

    private static DateTimeOffset? ReadTime(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));

    /// <summary>The number that a list is ordered by.</summary>
    private static string Value(CountOrder order) => order switch
    {
        CountOrder.Viewers => "viewers::bigint",
        CountOrder.Peak => "peak::bigint",
        CountOrder.Arrivals => "arrivals",
        _ => "0::bigint",
    };

    /// <summary>The part of a list that <see cref="Place"/> says.</summary>
    private static string Part(string name) => $"""
        WHERE strpos(lower({name}), lower($1)) > 0 AND ($2::bigint IS NULL OR c.value < $2 OR (c.value = $2 AND {name} > $3))
        ORDER BY c.value DESC, {name} LIMIT $4
        """;

    private static object?[] Place(CountQuery query) => [query.Contains, query.After?.Value, query.After?.Name ?? "", query.Most];
}
