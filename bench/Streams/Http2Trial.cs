using System.CommandLine;
using System.Diagnostics;
using System.Globalization;

namespace Counter.Streams;

/// <summary>Measures the CPU time of a frame over HTTP/2 and TLS, which the gateway serves itself.</summary>
internal sealed class Http2Trial(int viewers, int seconds)
{
    private const int ChangesPerSecond = 10;
    private const int WarmUpSeconds = 15;

    /// <summary><c>http2 --viewers 1000 --rounds 5</c></summary>
    public static Command Command()
    {
        var viewers = new Option<int>("--viewers") { Description = "Streams of one page.", DefaultValueFactory = _ => 1000 };
        var seconds = new Option<int>("--seconds") { Description = "How long CPU time is measured.", DefaultValueFactory = _ => 10 };
        var rounds = new Option<int>("--rounds") { Description = "Rounds; the median is printed.", DefaultValueFactory = _ => 5 };
        var command = new Command("http2", "Measures the gateway over HTTP/2 and TLS, for both protocols over plain TCP see the comparison.") { viewers, seconds, rounds };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var times = new List<double>();
            for (var round = 0; round < parsed.GetValue(rounds); round++)
            {
                times.Add(await new Http2Trial(parsed.GetValue(viewers), parsed.GetValue(seconds)).RunAsync(cancellationToken));
            }

            times.Sort();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"HTTP/2 over TLS, {parsed.GetValue(viewers)} viewers: {times[times.Count / 2]:0.0} s of CPU a million frames ({times[0]:0.0}-{times[^1]:0.0})"));
        });
        return command;
    }

    private async Task<double> RunAsync(CancellationToken cancellationToken)
    {
        using var gateway = new Http2Gateway();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var open = Enumerable.Range(0, viewers).Select(number => gateway.WatchAsync(number, "/", begun: null, over.Token)).ToArray();
        await ChangeAsync(gateway, WarmUpSeconds, cancellationToken);
        var (cpu, came) = (gateway.Server.CpuSeconds, gateway.Frames);
        await ChangeAsync(gateway, seconds, cancellationToken);
        var each = (gateway.Server.CpuSeconds - cpu) / (gateway.Frames - came) * 1e6;
        await over.CancelAsync();
        await Task.WhenAll(open);
        return each;
    }

    private async Task ChangeAsync(Http2Gateway gateway, int time, CancellationToken cancellationToken)
    {
        for (var watch = Stopwatch.StartNew(); watch.Elapsed.TotalSeconds < time;)
        {
            using var leave = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var joined = gateway.WatchAsync(viewers, "/", begun: null, leave.Token);
            await Task.Delay(1000 / ChangesPerSecond, cancellationToken);
            await leave.CancelAsync();
            await joined;
            await Task.Delay(1000 / ChangesPerSecond, cancellationToken);
        }
    }
}
