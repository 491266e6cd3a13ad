using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace Counter.Streams;

/// <summary>
/// Measures very many pages with one viewer each in one gateway: their memory and CPU time, their rate of joining, and the longest waits of another
/// client.
/// </summary>
/// <remarks>The viewers use HTTP/2, because a process may have fewer connections than there are viewers.</remarks>
internal sealed class PagesTrial(int pages, int seconds)
{
    private const int AtOnce = 500;
    private const int Leaving = 100;
    private const int StreamsPerConnection = 100;

    /// <summary><c>pages --pages 100000</c>, and <c>pages probe</c>, which it starts as a second process.</summary>
    public static Command Command()
    {
        var pages = new Option<int>("--pages") { Description = "Pages, with one viewer each.", DefaultValueFactory = _ => 100_000 };
        var seconds = new Option<int>("--seconds") { Description = "How long they are held, and how long some come and go.", DefaultValueFactory = _ => 60 };
        var command = new Command("pages", "Measures one gateway with very many pages, over HTTP/2 and TLS.") { pages, seconds };
        command.SetAction((parsed, cancellationToken) => new PagesTrial(parsed.GetValue(pages), parsed.GetValue(seconds)).RunAsync(cancellationToken));

        var port = new Argument<int>("port");
        var probe = new Command("probe", "Asks a gateway for a number again and again; a line from standard input prints the longest waits since the last.") { port };
        probe.SetAction(parsed => Probe(parsed.GetValue(port)));
        command.Subcommands.Add(probe);
        return command;
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        var most = (pages + 10_000).ToString(CultureInfo.InvariantCulture);

        // The probe does not use TLS, so its waits are those of the gateway.
        var port = ServerProcess.FreePort();
        using var certificate = new Certificate();
        using var server = new Gateway(
            "Counter", Gateway.Program, ("Limits__Streams", most), ("Limits__PagesPerSite", most), ("Kestrel__Endpoints__Probe__Url", $"http://127.0.0.1:{port}"))
        {
            Certificate = certificate,
        }.Start(ServerProcess.FreePort());
        using var viewers = new Http2Viewers(server.Address, certificate);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var open = new List<Task>();
        await JoinAsync(viewers, open, AtOnce, over.Token);
        using var probe = StartProbe(port);

        var (memory, cpu) = (server.ResidentBytes, server.CpuSeconds);
        var watch = Stopwatch.StartNew();
        while (open.Count < pages)
        {
            await JoinAsync(viewers, open, Math.Min(AtOnce, pages - open.Count), over.Token);
        }

        var (taken, used) = (watch.Elapsed.TotalSeconds, server.CpuSeconds - cpu);
        Say($"{pages} pages came in {taken:0.0} s: {(pages - AtOnce) / taken:0} a second, {used / (pages - AtOnce) * 1e6:0} us of CPU each; longest waits {Waits(probe)}");

        cpu = server.CpuSeconds;
        await Task.Delay(TimeSpan.FromSeconds(seconds), cancellationToken);
        Say($"held for {seconds} s: {(server.ResidentBytes - memory) / 1024.0 / (pages - AtOnce):0.0} KB each, {(server.CpuSeconds - cpu) / seconds * 100:0} % of a core; longest waits {Waits(probe)}");

        cpu = server.CpuSeconds;
        watch.Restart();
        var came = 0;
        while (watch.Elapsed.TotalSeconds < seconds)
        {
            using var leave = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var some = new List<Task>();
            await JoinAsync(viewers, some, Leaving, leave.Token, first: pages);
            await leave.CancelAsync();
            await Task.WhenAll(some);
            came += Leaving;
            await Task.Delay(100, cancellationToken);
        }

        Say($"{came / watch.Elapsed.TotalSeconds:0} more come and go each second: {(server.CpuSeconds - cpu) / seconds * 100:0} % of a core; longest waits {Waits(probe)}");
        await over.CancelAsync();
        await Task.WhenAll(open);
        probe.Kill();
        await probe.WaitForExitAsync(cancellationToken);
    }

    /// <summary>Opens pages with one viewer each at once, and waits until all have a frame.</summary>
    private static async Task JoinAsync(Http2Viewers viewers, List<Task> open, int count, CancellationToken cancellationToken, int first = 0)
    {
        using var begun = new CountdownEvent(count);
        var watching = new Task[count];
        for (var i = 0; i < count; i++)
        {
            var number = first + open.Count;
            watching[i] = viewers.WatchAsync(number / StreamsPerConnection, number, $"page=/{number}", () => begun.Signal(), cancellationToken);
            open.Add(watching[i]);
        }

        var over = Task.WhenAny(watching);
        while (!begun.IsSet)
        {
            await Task.Delay(1, cancellationToken);
            if (over.IsCompleted)
            {
                await await over;
            }
        }
    }

    private static Process StartProbe(int port)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["pages", "probe", port.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        var probe = Process.Start(start)!;
        Waits(probe);
        return probe;
    }

    private static string Waits(Process probe)
    {
        probe.StandardInput.WriteLine();
        return probe.StandardOutput.ReadLine() ?? throw new InvalidOperationException("The probe has ended.");
    }

    /// <summary>Runs the probe. It has its own process, so that the garbage collector of the load does not delay it.</summary>
    private static void Probe(int port)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect("127.0.0.1", port);
        var buffer = new byte[4096];
        var waits = new List<double>();
        var gate = new Lock();
        var asking = new Thread(() =>
        {
            while (true)
            {
                var asked = Stopwatch.GetTimestamp();
                socket.Send("GET /online.json?site=load.example&page=/0 HTTP/1.1\r\nHost: load.example\r\n\r\n"u8);
                if (socket.Receive(buffer) == 0)
                {
                    return;
                }

                lock (gate)
                {
                    waits.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
                }

                Thread.Sleep(5);
            }
        })
        {
            IsBackground = true,
        };
        asking.Start();
        while (Console.ReadLine() is not null)
        {
            lock (gate)
            {
                waits.Sort();
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{string.Join(", ", waits.AsEnumerable().Reverse().Take(3).Select(wait => wait.ToString("0", CultureInfo.InvariantCulture)))} ms of {waits.Count} (median {waits.ElementAtOrDefault(waits.Count / 2):0.0})"));
                waits.Clear();
            }
        }
    }

    private static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
