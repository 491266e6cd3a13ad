using System.CommandLine;
using System.Diagnostics;

namespace Counter.Streams;

/// <summary>Measures servers over HTTP/2 and TLS. A browser has one connection with the pictures of a page.</summary>
internal sealed class Http2Trial(int browsers, int held, int streams, int seconds, int activeSeconds)
{
    private const int ChangesPerSecond = 10;
    private const int WarmUpSeconds = 45;
    private const int AtOnce = 50;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan UntilCollected = TimeSpan.FromSeconds(75);

    /// <summary><c>http2 --browsers 300 --streams 3</c></summary>
    public static Command Command()
    {
        var rounds = Table.Rounds();
        var browsers = new Option<int>("--browsers") { Description = "Connections while CPU time is measured.", DefaultValueFactory = _ => 300 };
        var streams = new Option<int>("--streams") { Description = "Streams of each connection.", DefaultValueFactory = _ => 3 };
        var seconds = new Option<int>("--seconds") { Description = "How long CPU time is measured.", DefaultValueFactory = _ => 10 };
        var held = new Option<int>("--held") { Description = "Connections whose memory is measured; 0 for not at all.", DefaultValueFactory = _ => 1000 };
        var active = new Option<int>("--active") { Description = "Seconds of changes before memory is measured again.", DefaultValueFactory = _ => 60 };
        var only = Table.Only();
        var json = Table.Json();
        var command = new Command("http2", "Measures Counter, Counter behind nginx, and nginx with nchan over HTTP/2 and TLS.")
        {
            rounds, browsers, streams, seconds, held, active, only, json,
        };
        command.SetAction((parsed, cancellationToken) =>
            new Http2Trial(parsed.GetValue(browsers), parsed.GetValue(held), parsed.GetValue(streams), parsed.GetValue(seconds), parsed.GetValue(active))
                .RunAsync(parsed.GetValue(rounds), parsed.GetValue(only)!, parsed.GetValue(json), cancellationToken));
        return command;
    }

    private async Task<int> RunAsync(int rounds, string[] only, string? json, CancellationToken cancellationToken)
    {
        using var certificate = new Certificate();
        Contender[] contenders =
        [
            new Gateway("Counter", Gateway.Program, Gateway.SameRate) { Certificate = certificate },
            new BehindNginx(new Gateway("Counter behind nginx", Gateway.Program, Gateway.SameRate, ("Proxies__Trusted", "127.0.0.1")), certificate),
            new Nchan(certificate),
        ];
        var table = new Table();
        var failed = await Table.MeasureAsync(rounds, contenders, only, c => c.Name, async contender =>
        {
            await MeasureFramesAsync(contender, certificate, table, cancellationToken);
            if (held > 0)
            {
                await MeasureMemoryAsync(contender, certificate, table, cancellationToken);
            }
        });
        table.Finish($"{browsers} connections of {streams} streams, {ChangesPerSecond} changes a second", json);
        return failed == 0 ? 0 : 1;
    }

    private async Task MeasureFramesAsync(Contender contender, Certificate certificate, Table table, CancellationToken cancellationToken)
    {
        using var server = contender.Start(ServerProcess.FreePort());
        await PublishAsync(contender, 0);
        using var viewers = new Http2Viewers(server.Address, certificate);
        await using var open = new OpenStreams(viewers, streams, cancellationToken);
        await open.AddAsync(browsers);
        await ChangeAsync(contender, viewers, WarmUpSeconds, cancellationToken);
        var (cpu, frames) = (server.CpuSeconds, viewers.Frames);
        await ChangeAsync(contender, viewers, seconds, cancellationToken);
        (cpu, frames) = (server.CpuSeconds - cpu, viewers.Frames - frames);
        table.Add(contender.Name, "CPU s / M frames", cpu / frames * 1e6);
        table.Add(contender.Name, "delivered", frames / ((double)seconds * ChangesPerSecond * browsers * streams));
    }

    private async Task MeasureMemoryAsync(Contender contender, Certificate certificate, Table table, CancellationToken cancellationToken)
    {
        using var server = contender.Start(ServerProcess.FreePort());
        await PublishAsync(contender, 0);

        // Excludes the memory that the server needs for its first connections.
        using (var first = new Http2Viewers(server.Address, certificate))
        {
            await using var some = new OpenStreams(first, streams, cancellationToken);
            await some.AddAsync(AtOnce);
        }

        await Task.Delay(TimeSpan.FromSeconds(3), cancellationToken);
        var before = server.ResidentBytes;
        using var viewers = new Http2Viewers(server.Address, certificate);
        await using var open = new OpenStreams(viewers, streams, cancellationToken);
        await open.AddAsync(held);
        await Task.Delay(Idle, cancellationToken);
        table.Add(contender.Name, "KB / idle connection", KilobytesSince(before, server));
        if (activeSeconds > 0)
        {
            await ChangeAsync(contender, viewers, activeSeconds, cancellationToken);
            await Task.Delay(UntilCollected, cancellationToken);
            table.Add(contender.Name, "KB / connection after activity", KilobytesSince(before, server));
        }
    }

    private double KilobytesSince(long before, ServerProcess server) => (server.ResidentBytes - before) / 1024.0 / held;

    /// <summary>Changes the number: one more browser comes and goes, or the number is published.</summary>
    private static async Task ChangeAsync(Contender contender, Http2Viewers viewers, int duration, CancellationToken cancellationToken)
    {
        const int Another = -1;
        var pace = TimeSpan.FromSeconds(1.0 / ChangesPerSecond);
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < duration * ChangesPerSecond / 2; i++)
        {
            using var leave = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var joined = contender.Counts ? viewers.WatchAsync(Another, Another, "page=/", begun: null, leave.Token) : PublishAsync(contender, 2 * i);
            await DelayUntilAsync((2 * i) + 1);
            await leave.CancelAsync();
            await joined;
            await PublishAsync(contender, (2 * i) + 1);
            await DelayUntilAsync((2 * i) + 2);
        }

        async Task DelayUntilAsync(int change)
        {
            if (change * pace - watch.Elapsed is { Ticks: > 0 } rest)
            {
                await Task.Delay(rest, cancellationToken);
            }
        }
    }

    /// <summary>Publishes a number where the server does not count. A viewer who comes is sent the last one.</summary>
    private static Task PublishAsync(Contender contender, int number) => contender.Counts ? Task.CompletedTask : contender.PublishAsync(number);

    /// <summary>The streams of browsers, which end when they are disposed.</summary>
    private sealed class OpenStreams(Http2Viewers viewers, int each, CancellationToken cancellationToken) : IAsyncDisposable
    {
        private readonly CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        private readonly List<Task> open = [];

        public async Task AddAsync(int browsers)
        {
            for (var browser = 0; browser < browsers; browser++)
            {
                for (var i = 0; i < each; i++)
                {
                    // The pictures differ only by their address, and so make one view.
                    open.Add(viewers.WatchAsync(browser, browser, $"page=/&part={i}", begun: null, over.Token));
                }

                var isLast = browser % AtOnce == AtOnce - 1 || browser == browsers - 1;
                for (var waiting = Stopwatch.StartNew(); isLast && viewers.Answered < open.Count; await Task.Delay(5, over.Token))
                {
                    if (waiting.Elapsed > Patience)
                    {
                        throw new TimeoutException($"{open.Count - viewers.Answered} of {open.Count} streams got no answer.");
                    }
                }
            }
        }

        public async ValueTask DisposeAsync()
        {
            await over.CancelAsync();
            await Task.WhenAll(open);
            over.Dispose();
        }
    }
}
