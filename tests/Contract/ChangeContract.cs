using Counter.Counting.Cluster;
using Counter.Counting.Pages;
using Counter.Counting.Play;
using Counter.Counting.Polls;
using Counter.Counting.Presence;
using Xunit;

namespace Counter.Tests.Contract;

/// <summary>A change of a number is published to every gateway that shows it.</summary>
public abstract class ChangeContract : ClusterContract
{
    [Fact]
    public async Task Changes_of_every_gateway_are_published_with_the_versions_of_answers()
    {
        await using var changes = await ListenAsync("g");
        await ReportAsync("g", Viewers(Home, 2));
        await RenewAsync("h");
        var others = await ReportAsync(Other, "h", Viewers(Home, 5));
        await changes.UntilAsync(total => total == others.Totals[0]);
        await changes.UntilAsync(total => total == others.Totals[1]);
    }

    [Fact]
    public async Task Totals_are_published_to_gateways_that_show_them()
    {
        await using var changes = await ListenAsync("g");
        CountKey[] keys =
        [
            .. new[] { Home.Path, "" }.SelectMany(path => new[] { (CountOf.Arrivals, (string?)null), (CountOf.Today, "UTC"), (CountOf.Peak, null) }
                .Select(total => CountKey.ForTotal(total.Item1, Home.Site, path, total.Item2))),
        ];
        foreach (var key in keys)
        {
            await Gateway("g").AskAsync(Cluster, key);
        }

        await RenewAsync("h");
        await ReportAsync(Other, "h", Viewers(Home, 5));
        foreach (var key in keys)
        {
            await changes.UntilAsync(total => total.Key == key && total.Viewers == 5);
        }
    }

    [Fact]
    public async Task An_expired_lease_is_published()
    {
        await using var changes = await ListenAsync("g");
        await ReportAsync("g", Viewers(Home, 0));
        await RenewAsync("h");
        await ReportAsync(Other, "h", Viewers(Home, 2));
        for (var i = 0; i < 4; i++)
        {
            await AdvanceAsync(5);
            await RenewAsync("g");
        }

        await changes.UntilAsync(total => total is { Viewers: 0 } && total.Key == CountKey.ForPage(Home));
        await changes.UntilAsync(total => total is { Viewers: 0 } && total.Key == CountKey.ForSite("example.com"));
    }

    [Fact]
    public async Task While_the_monitor_is_watched_every_gateway_is_notified_each_second()
    {
        await using var changes = await ListenAsync("g");
        Assert.Equal(0, changes.Receiver.WatchedCalls);
        await RenewAsync("h", isWatched: true);
        await changes.UntilAsync(receiver => receiver.WatchedCalls >= 2);
    }

    [Fact]
    public async Task A_thousand_changes_with_names_of_any_length_are_published()
    {
        var pages = Enumerable.Range(0, 1000).Select(i => new PageKey("example.com", $"/{i}/" + new string('x', i % 7 == 0 ? 2000 : 20))).ToArray();
        await using var changes = await ListenAsync("g");
        foreach (var page in pages)
        {
            Gateway("g").Set(Viewers(page, 0));
        }

        Assert.True(await Gateway("g").SendAsync(Cluster));
        await RenewAsync("h");
        foreach (var page in pages)
        {
            Gateway("h").Set(Viewers(page, 1));
        }

        Assert.True(await Gateway("h").SendAsync(Other));
        foreach (var page in pages)
        {
            await changes.UntilAsync(total => total.Key == CountKey.ForPage(page) && total.Viewers == 1);
        }
    }

    [Fact]
    public async Task Listening_ends_only_when_its_token_is_cancelled()
    {
        using var stop = new CancellationTokenSource();
        var listening = Cluster.ListenAsync(new Receiver(), stop.Token);
        Assert.False(listening.IsCompleted);
        await stop.CancelAsync();
        await listening;
    }

    /// <summary>Subscribes a gateway and waits until the subscription works.</summary>
    private async Task<Listener> ListenAsync(string gateway)
    {
        var listener = new Listener(Cluster);
        await RenewAsync(gateway);
        var first = new PageKey("first.example", "/");
        await ReportAsync(gateway, Viewers(first, 0));
        await RenewAsync("first");
        for (var i = 1; !listener.Receiver.Has(total => total.Key == CountKey.ForPage(first)); i++)
        {
            await ReportAsync(Other, "first", Viewers(first, i));
            await Task.Delay(50, Stop);
        }

        return listener;
    }

    private sealed class Listener : IAsyncDisposable
    {
        private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

        private readonly CancellationTokenSource stop = new();
        private readonly Task listening;

        public Listener(ICluster cluster) => listening = cluster.ListenAsync(Receiver, stop.Token);

        public Receiver Receiver { get; } = new();

        public Task UntilAsync(Predicate<CountUpdate> which) => UntilAsync(receiver => receiver.Has(which));

        public async Task UntilAsync(Func<Receiver, bool> done)
        {
            using var deadline = new CancellationTokenSource(Deadline);
            while (!done(Receiver))
            {
                await Task.Delay(5, deadline.Token);
            }
        }

        public async ValueTask DisposeAsync()
        {
            await stop.CancelAsync();
            await listening;
            stop.Dispose();
        }
    }

    private sealed class Receiver : IBroadcastReceiver
    {
        private readonly Lock gate = new();
        private readonly List<CountUpdate> totals = [];
        private int watchedCalls;

        public int WatchedCalls => Volatile.Read(ref watchedCalls);

        public bool Has(Predicate<CountUpdate> which)
        {
            lock (gate)
            {
                return totals.Exists(which);
            }
        }

        public void Apply(CountUpdate total)
        {
            lock (gate)
            {
                totals.Add(total with { Activation = 0, Trace = null });
            }
        }

        public void Apply(string site, StreamCommand command)
        {
        }

        public void Apply(PollChange change)
        {
        }

        public void Apply(TableChange change)
        {
        }

        public void Watched() => Interlocked.Increment(ref watchedCalls);

        public void Missed()
        {
        }
    }
}
