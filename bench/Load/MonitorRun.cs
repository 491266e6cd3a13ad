using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.WebSockets;

namespace Counter.Load;

/// <summary>Watches the monitor over many WebSockets, and measures the cost for the gateway.</summary>
internal sealed class MonitorRun(Uri gateway, int sockets, string key, int process, int seconds)
{
    private long messages;
    private long bytes;

    /// <summary><c>monitor --sockets 100 --key … --pid …</c></summary>
    public static Command Command()
    {
        var url = new Option<string>("--url") { Description = "The gateway.", DefaultValueFactory = _ => "http://127.0.0.1:9192" };
        var sockets = new Option<int>("--sockets") { Description = "WebSockets.", DefaultValueFactory = _ => 100 };
        var key = new Option<string>("--key") { Description = "An operator's key.", Required = true };
        var process = new Option<int>("--pid") { Description = "The gateway's process.", Required = true };
        var seconds = new Option<int>("--seconds") { Description = "How long to measure, with and without.", DefaultValueFactory = _ => 20 };
        var command = new Command("monitor", "Watches the live monitor over many WebSockets and reads the gateway's CPU time with and without them.")
        {
            url, sockets, key, process, seconds,
        };
        command.SetAction((parsed, cancellationToken) => new MonitorRun(
            new Uri(parsed.GetValue(url)!), parsed.GetValue(sockets), parsed.GetValue(key)!, parsed.GetValue(process), parsed.GetValue(seconds))
            .RunAsync(cancellationToken));
        return command;
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        var cookies = await SignInAsync(cancellationToken);
        var without = await MeasureAsync(cancellationToken);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var opening = ServerState.Read(process)!;
        var watchers = new List<Task>();
        for (var i = 0; i < sockets; i++)
        {
            var socket = new ClientWebSocket { Options = { Cookies = cookies } };
            await socket.ConnectAsync(new UriBuilder(gateway) { Scheme = "ws", Path = "/monitor/ws" }.Uri, cancellationToken);
            watchers.Add(WatchAsync(socket, over.Token));
        }

        await Task.Delay(2000, cancellationToken);
        var opened = ServerState.Read(process)!;
        Print($"opening {sockets} sockets: {(opened.CpuSeconds - opening.CpuSeconds) * 1000:0} ms of CPU, {(opened.ResidentBytes - opening.ResidentBytes) / 1e6:0.0} MB, {bytes / 1e6:0.0} MB sent");
        (messages, bytes) = (0, 0);
        var with = await MeasureAsync(cancellationToken);
        Print($"gateway's CPU, per cent of one processor: {without:0.00} without, {with:0.00} with {sockets} sockets");
        Print($"each socket got {(double)messages / sockets / seconds:0.00} messages and {(double)bytes / sockets / seconds:0} bytes a second");
        await over.CancelAsync();
        await Task.WhenAll(watchers);
    }

    private async Task<CookieContainer> SignInAsync(CancellationToken cancellationToken)
    {
        using var handler = new HttpClientHandler { AllowAutoRedirect = false };
        using var http = new HttpClient(handler) { BaseAddress = gateway };
        using var form = new FormUrlEncodedContent([new("key", key)]);
        using var answer = await http.PostAsync(new Uri("/sign-in", UriKind.Relative), form, cancellationToken);
        return answer.StatusCode == HttpStatusCode.SeeOther
            ? handler.CookieContainer
            : throw new InvalidOperationException($"The gateway did not take the key: {answer.StatusCode}.");
    }

    private async Task<double> MeasureAsync(CancellationToken cancellationToken)
    {
        var before = ServerState.Read(process)!.CpuSeconds;
        var watch = Stopwatch.StartNew();
        await Task.Delay(TimeSpan.FromSeconds(seconds), cancellationToken);
        return 100 * (ServerState.Read(process)!.CpuSeconds - before) / watch.Elapsed.TotalSeconds;
    }

    private async Task WatchAsync(ClientWebSocket socket, CancellationToken over)
    {
        using (socket)
        {
            var buffer = new byte[32 * 1024];
            try
            {
                while (true)
                {
                    var part = await socket.ReceiveAsync(buffer.AsMemory(), over);
                    Interlocked.Add(ref bytes, part.Count);
                    Interlocked.Add(ref messages, part.EndOfMessage ? 1 : 0);
                }
            }
            catch (Exception e) when (e is OperationCanceledException or WebSocketException)
            {
                // The run has ended.
            }
        }
    }

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
