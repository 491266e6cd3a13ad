namespace Counter.Streams;

/// <summary>Measures all servers in turn in each round, and prints medians with their range.</summary>
internal sealed class Comparison(int rounds, int viewers, int changesPerSecond, int seconds, int idle, int activeSeconds, int pages, string[] only, string? json)
{
    private static readonly (string Title, Func<Figures, double> Value)[] Columns =
    [
        ("CPU s / M frames", f => f.CpuPerFrame),
        ("the same, awake", f => f.CpuPerFrameAwake),
        ("CPU ms / viewer, minute", f => f.CpuPerViewer),
        ("age p99 ms", f => f.AgeP99),
        ("B / frame", f => f.BytesPerFrame),
        ("storm s", f => f.StormSeconds),
        ("storm CPU s", f => f.StormCpuSeconds),
        ("storm MB", f => f.StormMegabytes),
        ("join p50 ms", f => f.JoinP50),
        ("join p99 ms", f => f.JoinP99),
        ("delivered", f => f.Delivered),
        ("start s", f => f.StartSeconds),
        ("start MB", f => f.StartMegabytes),
    ];

    /// <summary>Runs all rounds. The exit code is 1 when a server failed.</summary>
    public async Task<int> RunAsync()
    {
        var table = new Table();
        var failed = await Table.MeasureAsync(rounds, [.. All()], only, c => c.Name, contender => MeasureAsync(contender, table));
        table.Finish($"{viewers} viewers, {changesPerSecond} changes a second", json);
        return failed == 0 ? 0 : 1;
    }

    private async Task MeasureAsync(Contender contender, Table table)
    {
        contender.Pages = 1;
        if (seconds > 0 && !contender.IsNeverQuiet)
        {
            var figures = await new Trial(contender, viewers, changesPerSecond, seconds).RunAsync();
            foreach (var (title, value) in Columns)
            {
                table.Add(contender.Name, title, value(figures));
            }
        }

        if (idle > 0)
        {
            contender.Pages = pages;
            var (quiet, active) = new IdleTrial(contender, idle, activeSeconds).Run();
            table.Add(contender.Name, "KB / idle stream", quiet);
            table.Add(contender.Name, "KB / stream after activity", active);
        }
    }

    private static IEnumerable<Contender> All()
    {
        yield return new Gateway("Counter", Gateway.Program, Gateway.SameRate);
        yield return new Gateway("Counter, default settings", Gateway.Program);
        yield return new Gateway("Counter, to Chromium", Gateway.Program, Gateway.SameRate, ("Streaming__ProbeSeconds", "0")) { IsSeenByChromium = true };
        yield return new Gateway("Counter, to Chromium, probed", Gateway.Program) { IsSeenByChromium = true, IsNeverQuiet = true };
        yield return new Gateway("Counter, through the server", Gateway.Program, Gateway.SameRate, ("Streaming__WritesPastServer", "false"));
        yield return new Nchan();
        yield return new EpollLoop("artifacts/bench/epoll");
    }
}
