using Counter.Counting.Cluster;
using Counter.Counting.Pages;
using Counter.Postgres.Tests.Support;
using Counter.Tests.Contract;
using Xunit;

namespace Counter.Postgres.Tests;

/// <summary>Much is done in parts, each of which ends in time, and what looks at every page is asked rarely.</summary>
public sealed class SizeTests(TestDatabase database) : ClusterContract, IClassFixture<TestDatabase>
{
    protected override ValueTask<IEngine> StartAsync(EngineSetup setup) => PostgresEngine.StartAsync(database, setup);

    [Fact]
    public async Task Clearing_up_goes_on_until_everything_that_is_too_old_is_gone()
    {
        await JoinAsync("g", Say(Home, 1));
        await database.DoAsync(
            """
            INSERT INTO counter.history SELECT -i, 0, 1, 2, 1, 1, 1 FROM generate_series(1, 50000) i;
            INSERT INTO counter.leases SELECT -i, 'gone', 1, 1, 0, 1, 0 FROM generate_series(1, 50000) i;
            INSERT INTO counter.counts (site, path, version, seen_at) SELECT 'example.com', '/' || i, 0, 0 FROM generate_series(1, 25000) i;
            INSERT INTO counter.counts (site, path, version, seen_at) SELECT 'site' || i, '', 0, 0 FROM generate_series(1, 25000) i;
            INSERT INTO counter.documents SELECT 'Audit', i, NULL, 1, 0 FROM generate_series(1, 25000) i;
            """);
        await MeasureAsync("DELETE ON counter.history", "OLD");
        await MeasureAsync("DELETE ON counter.leases", "OLD");
        await AdvanceAsync(1);
        Assert.Equal(10_000, await LargestAsync());
        Assert.Equal(
            "0 1 2 0",
            await database.AskAsync<string>(
                """
                SELECT concat_ws(' ', (SELECT count(*) FROM counter.history WHERE count_id < 0), (SELECT count(*) FROM counter.leases),
                    (SELECT count(*) FROM counter.counts), (SELECT count(*) FROM counter.documents))
                """));
    }

    [Fact]
    public async Task What_looks_at_every_page_is_found_out_every_three_seconds_and_the_rest_at_once()
    {
        await JoinAsync("g", Say(Home, 1));
        Assert.Equal(new ClusterTotals(1, 1, 1, 1, 1), await Cluster.GetTotalsAsync(Stop));
        Assert.Equal([1], (await Other.ListBusiestAsync(10, Stop)).Select(p => p.Viewers));
        await ReportAsync("g", Say(Home, 4), Say(Foreign, 5));
        Assert.Equal(new ClusterTotals(9, 9, 1, 1, 2), await Other.GetTotalsAsync(Stop));
        Assert.Equal([4], (await Cluster.ListBusiestAsync(10, Stop)).Select(p => p.Viewers));
        await AdvanceAsync(10);
        Assert.Equal([5, 4], (await Cluster.ListBusiestAsync(10, Stop)).Select(p => p.Viewers));
        Assert.Equal(new ClusterTotals(9, 9, 2, 2, 2), await Other.GetTotalsAsync(Stop));
    }

    [Fact]
    public async Task A_site_with_more_pages_than_are_reset_at_once_is_reset_to_the_last()
    {
        await JoinAsync("g", [.. Enumerable.Range(0, 450).Select(i => Say(new PageKey("example.com", $"/{i}"), i % 2))]);
        await ReportAsync("g", Say(Foreign, 3));
        await MeasureAsync("UPDATE ON counter.counts", "NEW");
        Assert.True(await Cluster.ResetAsync(CountKey.ForSite("example.com"), Stop));
        Assert.Equal((225, 225, 0L), ((await SiteAsync()).Viewers, (await SiteAsync()).Peak, (await SiteAsync()).Arrivals));
        Assert.Equal(3, await database.AskAsync<long>("SELECT sum(arrivals)::bigint FROM counter.counts WHERE path <> ''"));
        Assert.True(await Cluster.DeleteAsync(CountKey.ForSite("example.com"), Stop));
        Assert.Equal(200, await LargestAsync());
        Assert.Equal(225, (await Other.ListPagesAsync("example.com", new CountQuery(CountOrder.Name, "", null, 1000), Stop)).Count);
    }

    /// <summary>Begins to note how many rows each statement changes.</summary>
    private Task MeasureAsync(string when, string which) => database.DoAsync(
        $"""
        CREATE TABLE IF NOT EXISTS counter.sizes (rows bigint);
        CREATE OR REPLACE FUNCTION counter.note_size() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN INSERT INTO counter.sizes SELECT count(*) FROM changed; RETURN NULL; END';
        CREATE TRIGGER sizes AFTER {when} REFERENCING {which} TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION counter.note_size()
        """);

    private Task<long> LargestAsync() => database.AskAsync<long>("SELECT max(rows) FROM counter.sizes");
}
