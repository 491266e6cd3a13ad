using System.Globalization;
using System.Text.Json;

namespace Counter.Streams;

/// <summary>Measures all servers in turn in each round, and prints medians with their range.</summary>
internal sealed class Comparison(int rounds, int viewers, int changesPerSecond, int seconds, int idle, int activeSeconds, int pages, string[] only, string? json)
{
    private static readonly (string Title, Func<Figures, double> Value)[] Columns =
    [
        ("CPU s / M frames", f => f.CpuPerFrame),
        ("the same, awake", f => f.CpuPerFrameAwake),
        ("CPU ms / viewer, minute", f => f.CpuPerViewer),
        ("gap p99 ms", f => f.GapP99),
        ("B / frame", f => f.BytesPerFrame),
        ("storm s", f => f.StormSeconds),
        ("storm MB", f => f.StormMegabytes),
        ("join p50 ms", f => f.JoinP50),
        ("join p99 ms", f => f.JoinP99),
        ("delivered", f => f.Delivered),
        ("start s", f => f.StartSeconds),
        ("start MB", f => f.StartMegabytes),
    ];

    /// <summary>Makes Counter send every change, as the other servers do. By default it sends less often to many viewers.</summary>
    private static readonly (string, string) SameRate = ("Streaming__FramesPerSecondToAll", "0");

    /// <summary>Runs all rounds. The exit code is 1 when a server failed.</summary>
    public int Run()
    {
        var contenders = All().Where(c => only.Length == 0 || only.Contains(c.Name)).ToArray();
        if (contenders.Length < only.Length)
        {
            Console.Error.WriteLine($"--only takes {string.Join(", ", All().Select(c => $"\"{c.Name}\""))}, as they are written here.");
            return 2;
        }

        var figures = contenders.ToDictionary(c => c.Name, _ => new List<Figures>());
        var memory = contenders.ToDictionary(c => c.Name, _ => new List<(double Idle, double Active)>());
        var failed = 0;
        for (var round = 1; round <= rounds; round++)
        {
            foreach (var contender in contenders)
            {
                Console.Error.WriteLine($"round {round} of {rounds}: {contender.Name}");
                try
                {
                    Measure(contender, figures[contender.Name], memory[contender.Name]);
                }
                catch (Exception e) when (e is TimeoutException or InvalidOperationException)
                {
                    Console.Error.WriteLine(e.Message);
                    failed++;
                }
            }
        }

        Console.WriteLine($"| {viewers} viewers, {changesPerSecond} changes a second | {string.Join(" | ", Columns.Select(c => c.Title))} | KB / idle stream | KB / stream after activity |");
        Console.WriteLine($"|---|{string.Concat(Columns.Select(_ => "---|"))}---|---|");
        foreach (var contender in contenders)
        {
            var cells = Columns.Select(column => Cell(figures[contender.Name].Select(column.Value)));
            Console.WriteLine($"| {contender.Name} | {string.Join(" | ", cells)} | {Cell(memory[contender.Name].Select(m => m.Idle))} | {Cell(memory[contender.Name].Select(m => m.Active))} |");
        }

        if (json is not null)
        {
            File.WriteAllText(json, JsonSerializer.Serialize(new { viewers, changesPerSecond, idle, figures, memory = memory.ToDictionary(m => m.Key, m => m.Value.Select(v => new { v.Idle, v.Active })) }, JsonSerializerOptions.Web));
        }

        return failed == 0 ? 0 : 1;
    }

    private void Measure(Contender contender, List<Figures> figures, List<(double Idle, double Active)> memory)
    {
        contender.Pages = 1;
        if (seconds > 0 && !contender.IsNeverQuiet)
        {
            figures.Add(new Trial(contender, viewers, changesPerSecond, seconds).Run());
        }

        if (idle > 0)
        {
            contender.Pages = pages;
            memory.Add(new IdleTrial(contender, idle, activeSeconds).Run());
        }
    }

    private static IEnumerable<Contender> All()
    {
        yield return new Gateway("Counter", Gateway.Program, SameRate);
        yield return new Gateway("Counter, default settings", Gateway.Program);
        yield return new Gateway("Counter, to Chromium", Gateway.Program, SameRate, ("Streaming__ProbeSeconds", "0")) { IsSeenByChromium = true };
        yield return new Gateway("Counter, to Chromium, probed", Gateway.Program) { IsSeenByChromium = true, IsNeverQuiet = true };
        yield return new Gateway("Counter, through the server", Gateway.Program, SameRate, ("Streaming__WritesPastServer", "false"));
        yield return new Nchan();
        yield return new EpollLoop("artifacts/bench/epoll");
    }

    /// <summary>The median with the minimum and maximum.</summary>
    private static string Cell(IEnumerable<double> values)
    {
        var sorted = values.Where(double.IsFinite).Order().ToArray();
        return sorted.Length == 0 ? "" : string.Create(
            CultureInfo.InvariantCulture, $"{Text(sorted[sorted.Length / 2])} ({Text(sorted[0])}-{Text(sorted[^1])})");
    }

    private static string Text(double value) =>
        value.ToString(value < 10 ? "0.00" : value < 100 ? "0.0" : "0", CultureInfo.InvariantCulture);
}
