using System.CommandLine;
using System.Diagnostics;
using System.Globalization;

namespace Counter.Streams;

/// <summary>
/// Measures a gateway with default settings and its own silo: the time until the first picture, and its CPU time and memory without clients.
/// </summary>
internal sealed class StartTrial(int rounds, int seconds)
{
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(30);

    /// <summary><c>start --rounds 5</c></summary>
    public static Command Command()
    {
        var rounds = new Option<int>("--rounds") { Description = "Starts; the figures are their medians, and the least and the most.", DefaultValueFactory = _ => 5 };
        var seconds = new Option<int>("--seconds") { Description = "How long the last one is watched while nobody is there; 0 for not at all.", DefaultValueFactory = _ => 120 };
        var command = new Command("start", "Starts gateways, one after the other, and watches one that nobody asks.") { rounds, seconds };
        command.SetAction((parsed, cancellationToken) => new StartTrial(parsed.GetValue(rounds), parsed.GetValue(seconds)).RunAsync(cancellationToken));
        return command;
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        var starts = new List<(double Picture, double Ready, double Cpu)>();
        using var http = new HttpClient();
        for (var round = 1; round <= rounds; round++)
        {
            var watch = Stopwatch.StartNew();
            using var server = new Gateway("Counter", Gateway.Program).Start(ServerProcess.FreePort());
            var address = new Uri($"http://{server.Address}");
            using var picture = await http.GetAsync(new Uri(address, "/online.png?site=start.example&page=/"), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            await using (var stream = await picture.Content.ReadAsStreamAsync(cancellationToken))
            {
                _ = await stream.ReadAtLeastAsync(new byte[300], 300, cancellationToken: cancellationToken);
            }

            var shown = watch.Elapsed.TotalSeconds;
            while (await http.GetStringAsync(new Uri(address, "/health/ready"), cancellationToken) != "Healthy")
            {
                await Task.Delay(5, cancellationToken);
            }

            starts.Add((shown, watch.Elapsed.TotalSeconds, server.CpuSeconds));
            if (round == rounds && seconds > 0)
            {
                await Task.Delay(Settling, cancellationToken);
                var cpu = server.CpuSeconds;
                await Task.Delay(TimeSpan.FromSeconds(seconds), cancellationToken);
                Say($"nobody there for {seconds} s: {(server.CpuSeconds - cpu) / seconds * 100:0.0} % of a core, {server.ResidentBytes / 1024.0 / 1024:0} MB resident");
            }
        }

        Say($"first picture {Middle(starts.Select(s => s.Picture))} s, ready {Middle(starts.Select(s => s.Ready))} s, CPU time of a start {Middle(starts.Select(s => s.Cpu))} s");
    }

    private static FormattableString Middle(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return $"{sorted[sorted.Count / 2]:0.00} ({sorted[0]:0.00}-{sorted[^1]:0.00})";
    }

    private static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
