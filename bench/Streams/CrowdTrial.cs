using System.CommandLine;
using System.Globalization;

namespace Counter.Streams;

/// <summary>Measures one page with very many viewers, with one processor and with two.</summary>
internal sealed class CrowdTrial(int viewers, int changesPerSecond, int seconds)
{
    // What the default settings send to each of more than 1,500 streams.
    private const double FramesPerSecondToMany = 2.5;

    // Two for the server and one for the load. With hyper-threading two are one core.
    private const int ProcessorsNeeded = 4;
    private const string FramesPerSecond = "frames / s";

    // A gateway keeps 2,048 open files for other things than connections, and has some hundreds itself.
    private const int OtherFiles = 2_600;

    /// <summary><c>crowd --viewers 19000</c></summary>
    public static Command Command()
    {
        var rounds = Table.Rounds();
        var viewers = new Option<int>("--viewers") { Description = "Streams of one page.", DefaultValueFactory = _ => 19_000 };
        var changes = new Option<int>("--changes") { Description = "Changes a second.", DefaultValueFactory = _ => 10 };
        var seconds = new Option<int>("--seconds") { Description = "How long it is measured.", DefaultValueFactory = _ => 10 };
        var json = Table.Json();
        var command = new Command("crowd", "Measures one page with very many viewers: with default settings, and with every change for everybody.")
        {
            rounds, viewers, changes, seconds, json,
        };
        command.SetAction((parsed, _) =>
            new CrowdTrial(Fitting(parsed.GetValue(viewers)), parsed.GetValue(changes), parsed.GetValue(seconds))
                .RunAsync(parsed.GetValue(rounds), parsed.GetValue(json)));
        return command;
    }

    /// <summary>As many viewers as the machine has open files for.</summary>
    private static int Fitting(int viewers)
    {
        var limits = File.ReadLines("/proc/self/limits").First(line => line.StartsWith("Max open files", StringComparison.Ordinal));
        var files = int.Parse(limits.Split(' ', StringSplitOptions.RemoveEmptyEntries)[3], CultureInfo.InvariantCulture);
        if (viewers > files - OtherFiles)
        {
            Console.Error.WriteLine($"{viewers} viewers need {viewers + OtherFiles} open files, and ulimit -n is {files}: {files - OtherFiles} viewers.");
        }

        return Math.Min(viewers, files - OtherFiles);
    }

    private async Task<int> RunAsync(int rounds, string? json)
    {
        // This process has only one of them.
        var processors = File.ReadLines("/proc/cpuinfo").Count(line => line.StartsWith("processor", StringComparison.Ordinal));
        var canCompare = processors >= ProcessorsNeeded;
        var (one, two) = (Servers("", "0"), Servers(", two processors", "0,1"));
        var table = new Table();
        foreach (var (server, _) in canCompare ? [] : two)
        {
            table.Skip(server.Name, $"not measurable here: {processors} processors");
        }

        var failed = await Table.MeasureAsync(rounds, canCompare ? [.. one, .. two] : one, only: [], s => s.Server.Name, s => MeasureAsync(s.Server, s.Due, table));
        table.Finish($"{viewers} viewers, {changesPerSecond} changes a second", json);
        if (canCompare && failed == 0)
        {
            var ratio = Rate(table, two[^1].Server) / Rate(table, one[^1].Server);
            Console.WriteLine($"\nWith two processors Counter sends {Table.Text(ratio)} times the frames a second.");
        }

        return failed == 0 ? 0 : 1;
    }

    /// <summary>The servers with the frames that each sends a second to a viewer.</summary>
    private (Contender Server, double Due)[] Servers(string suffix, string processors) =>
    [
        (new Gateway("Counter, default settings" + suffix, Gateway.Program) { Processors = processors }, Math.Min(FramesPerSecondToMany, changesPerSecond)),
        (new Gateway("Counter" + suffix, Gateway.Program, Gateway.SameRate) { Processors = processors }, changesPerSecond),
    ];

    private static double Rate(Table table, Contender contender) => Table.Median(table.Rows[contender.Name][FramesPerSecond]);

    private async Task MeasureAsync(Contender contender, double due, Table table)
    {
        var figures = await new Trial(contender, viewers, changesPerSecond, seconds).RunAsync();
        table.Add(contender.Name, FramesPerSecond, figures.FramesPerSecond);
        table.Add(contender.Name, "delivered", figures.Delivered * changesPerSecond / due);
        table.Add(contender.Name, "age p50 ms", figures.AgeP50);
        table.Add(contender.Name, "age p99 ms", figures.AgeP99);
        table.Add(contender.Name, "join p50 ms", figures.JoinP50);
        table.Add(contender.Name, "join p99 ms", figures.JoinP99);
        table.Add(contender.Name, "storm s", figures.StormSeconds);
    }
}
