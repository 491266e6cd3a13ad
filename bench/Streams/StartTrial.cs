using System.CommandLine;
using System.Diagnostics;

namespace Counter.Streams;

/// <summary>
/// Measures a gateway with default settings and its own silo: the times until the first picture and until it is ready, its memory then, and its CPU
/// time and memory without clients.
/// </summary>
internal sealed class StartTrial(int rounds, int seconds)
{
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(30);

    /// <summary><c>start --rounds 5</c></summary>
    public static Command Command()
    {
        var rounds = Table.Rounds();
        var seconds = new Option<int>("--seconds") { Description = "How long the last one is watched while nobody is there; 0 for not at all.", DefaultValueFactory = _ => 120 };
        var json = Table.Json();
        var command = new Command("start", "Starts gateways, one after the other, and watches one that nobody asks.") { rounds, seconds, json };
        command.SetAction((parsed, cancellationToken) => new StartTrial(parsed.GetValue(rounds), parsed.GetValue(seconds)).RunAsync(parsed.GetValue(json), cancellationToken));
        return command;
    }

    private async Task RunAsync(string? json, CancellationToken cancellationToken)
    {
        var table = new Table();
        using var http = new HttpClient();
        for (var round = 1; round <= rounds; round++)
        {
            var watch = Stopwatch.StartNew();
            var gateway = new Gateway("Counter", Gateway.Program);
            using var server = gateway.Start(ServerProcess.FreePort());
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

            table.Add(gateway.Name, "first picture s", shown);
            table.Add(gateway.Name, "ready s", watch.Elapsed.TotalSeconds);
            table.Add(gateway.Name, "CPU s", server.CpuSeconds);
            table.Add(gateway.Name, "MB when ready", Megabytes(server));
            if (round == rounds && seconds > 0)
            {
                await Task.Delay(Settling, cancellationToken);
                var cpu = server.CpuSeconds;
                await Task.Delay(TimeSpan.FromSeconds(seconds), cancellationToken);
                table.Add(gateway.Name, $"% of a core, {seconds} s of nobody", (server.CpuSeconds - cpu) / seconds * 100);
                table.Add(gateway.Name, "MB then", Megabytes(server));
            }
        }

        table.Finish("a start", json);
    }

    private static double Megabytes(ServerProcess server) => server.ResidentBytes / 1024.0 / 1024;
}
