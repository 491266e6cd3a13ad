using Counter.Counting.Cluster;
using Counter.Counting.Pages;
using Xunit;

namespace Counter.Tests.Contract;

/// <summary>The change feed hints at every change, whoever made it.</summary>
public abstract class FeedContract : ClusterContract
{
    [Fact]
    public async Task Changes_of_every_gateway_are_told_with_the_versions_that_replies_have()
    {
        await using var feed = await ReadAsync(null);
        var own = await ReportAsync("g", Say(Home, 2));
        await feed.UntilAsync(own.Totals);
        var others = (await Other.ReportAsync(new Report("g", [Say(Home, 5), Say(Foreign, 1)]), Stop)).Totals;
        await feed.UntilAsync(others);
    }

    [Fact]
    public async Task The_end_of_a_lease_and_a_reset_are_told_too()
    {
        await using var feed = await ReadAsync(null);
        await feed.UntilAsync((await ReportAsync("g", Say(Home, 2))).Totals);
        await Cluster.ResetAsync(CountKey.ForPage(Home), Stop);
        await AdvanceAsync(20);
        await feed.UntilAsync(t => t is { Viewers: 0 } && t.Key == CountKey.ForPage(Home));
        await feed.UntilAsync(t => t is { Viewers: 0 } && t.Key == CountKey.ForSite("example.com"));
    }

    [Fact]
    public async Task A_slow_reader_gets_the_newest_of_each_number_and_holds_nobody_up()
    {
        await using var feed = await ReadAsync(() => [CountKey.ForPage(Home), CountKey.ForSite(Home.Site)]);
        IReadOnlyList<Total> last = [];
        for (var i = 1; i <= 300; i++)
        {
            last = (await ReportAsync("g", Say(Home, i))).Totals;
        }

        await feed.UntilAsync(last);
        Assert.InRange(feed.Taken.Count(t => t.Key == CountKey.ForPage(Home)), 1, 300);
    }

    [Fact]
    public async Task What_begins_to_be_shown_is_told_from_then_on()
    {
        var shown = new List<CountKey> { CountKey.ForPage(Home) };
        await using var feed = await ReadAsync(() => shown.ToArray());
        await feed.UntilAsync((await ReportAsync("g", Say(Home, 1))).Totals.Take(1));
        shown = [CountKey.ForPage(Foreign), CountKey.ForVisitors("other.org"), CountKey.ForSite("other.org")];
        await feed.UntilAsync((await ReportAsync("g", Say(Foreign, 1))).Totals);
        await feed.UntilAsync((await ReportAsync("g", Say(Foreign, 2))).Totals);
    }

    [Fact]
    public async Task Names_of_any_length_and_a_thousand_changes_at_once_are_told()
    {
        var pages = Enumerable.Range(0, 1000).Select(i => new PageKey("example.com", $"/{i}/" + new string('x', i % 7 == 0 ? 2000 : 20))).ToArray();
        var keys = pages.Select(CountKey.ForPage).ToArray();
        await using var feed = await ReadAsync(() => keys);
        var reply = await ReportAsync("g", [.. pages.Select(page => Say(page, 1))]);
        Assert.Equal(1001, reply.Totals.Count + reply.Refused.Count);
        await feed.UntilAsync(reply.Totals.Take(1000));
    }

    [Fact]
    public async Task The_feed_ends_by_its_token_only()
    {
        using var stop = new CancellationTokenSource();
        var changes = Cluster.ChangesAsync(null, stop.Token).GetAsyncEnumerator(Stop);
        var next = changes.MoveNextAsync();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await next);
        await changes.DisposeAsync();
    }

    /// <summary>Begins to read, and waits until the feed is there.</summary>
    private async Task<Reader> ReadAsync(Func<IEnumerable<CountKey>>? shown)
    {
        var first = CountKey.ForPage(new PageKey("first.example", "/"));
        var ready = false;
        var reader = new Reader(stop => Cluster.ChangesAsync(shown is null ? null : () => ready ? shown() : [first], stop));
        await RenewAsync("g");
        for (var i = 1; !reader.Taken.Any(t => t.Key == first); i++)
        {
            await ReportAsync("g", Say(new PageKey("first.example", "/"), i));
            await reader.WaitAsync(TimeSpan.FromMilliseconds(200));
        }

        ready = true;
        return reader;
    }

    /// <summary>Takes what comes.</summary>
    private sealed class Reader : IAsyncDisposable
    {
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

        private readonly CancellationTokenSource end = new();
        private readonly IAsyncEnumerator<Total> changes;
        private Task<bool> next;

        public Reader(Func<CancellationToken, IAsyncEnumerable<Total>> read)
        {
            changes = read(end.Token).GetAsyncEnumerator(end.Token);
            next = changes.MoveNextAsync().AsTask();
        }

        public List<Total> Taken { get; } = [];

        public async Task<bool> WaitAsync(TimeSpan patience)
        {
            try
            {
                Assert.True(await next.WaitAsync(patience, Stop));
            }
            catch (TimeoutException) when (!next.IsCompleted)
            {
                return false;
            }

            Taken.Add(changes.Current);
            next = changes.MoveNextAsync().AsTask();
            return true;
        }

        public async Task UntilAsync(IEnumerable<Total> totals)
        {
            foreach (var total in totals)
            {
                await UntilAsync(t => t == total);
            }
        }

        public async Task UntilAsync(Predicate<Total> which)
        {
            while (!Taken.Exists(which))
            {
                Assert.True(await WaitAsync(Patience), "A change was not told.");
            }
        }

        public async ValueTask DisposeAsync()
        {
            // One that waits cannot be disposed: it is ended first.
            await end.CancelAsync();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await changes.DisposeAsync();
            end.Dispose();
        }
    }
}
