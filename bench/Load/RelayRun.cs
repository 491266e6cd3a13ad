using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;

namespace Counter.Load;

/// <summary>Publishes a stream of pictures to a channel with many watchers, and measures the cost for the gateway.</summary>
internal sealed class RelayRun(Uri gateway, int watchers, int framesPerSecond, int seconds, string key, int? process)
{
    private const string Channel = "load";

    /// <summary><c>relay --watchers 200 --fps 25 --key … --pid …</c></summary>
    public static Command Command()
    {
        var url = new Option<string>("--url") { Description = "The gateway.", DefaultValueFactory = _ => "http://127.0.0.1:9192" };
        var watchers = new Option<int>("--watchers") { Description = "Streams of one channel.", DefaultValueFactory = _ => 200 };
        var fps = new Option<int>("--fps") { Description = "Pictures a second.", DefaultValueFactory = _ => 25 };
        var seconds = new Option<int>("--seconds") { Description = "How long.", DefaultValueFactory = _ => 20 };
        var key = new Option<string>("--key") { Description = "A key that may publish to the channel 'load'.", Required = true };
        var process = new Option<int?>("--pid") { Description = "The gateway's process, to read its memory and CPU time from the operating system." };
        var command = new Command("relay", "Publishes pictures of 640 x 480, which ffmpeg makes, to many watchers on loopback.")
        {
            url, watchers, fps, seconds, key, process,
        };
        command.SetAction((parsed, cancellationToken) => new RelayRun(
            new Uri(parsed.GetValue(url)!), parsed.GetValue(watchers), parsed.GetValue(fps), parsed.GetValue(seconds), parsed.GetValue(key)!,
            parsed.GetValue(process)).RunAsync(cancellationToken));
        return command;
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        var pictures = await TestPictures.MakeAsync(framesPerSecond, count: 100, cancellationToken);
        using var http = new HttpClient { BaseAddress = gateway, Timeout = Timeout.InfiniteTimeSpan };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using (var first = await http.PutAsync($"/relay/{Channel}", new ByteArrayContent(pictures[^1]), cancellationToken))
        {
            first.EnsureSuccessStatusCode();
        }

        var everybody = Enumerable.Range(0, watchers).Select(_ => new Viewer($"/relay/{Channel}.mjpeg", "image/jpeg")).ToArray();
        for (var i = 0; i < watchers; i++)
        {
            await everybody[i].OpenAsync(gateway, i);
        }

        await Task.Delay(1000, cancellationToken);
        var seen = everybody.Sum(v => (long)v.Frames);
        var bytes = everybody.Sum(v => v.Bytes);
        var before = ServerState.Read(process);
        using var mine = Process.GetCurrentProcess();
        var own = mine.TotalProcessorTime;
        var running = Stopwatch.StartNew();
        var published = new PublishedStream(pictures, framesPerSecond, seconds * framesPerSecond, everybody);
        using (var answer = await http.PostAsync($"/relay/{Channel}", published, cancellationToken))
        {
            answer.EnsureSuccessStatusCode();
        }

        var took = running.Elapsed.TotalSeconds;
        var after = ServerState.Read(process);
        mine.Refresh();
        await Task.Delay(500, cancellationToken);
        var due = (long)published.Sent * watchers;
        var came = everybody.Sum(v => (long)v.Frames) - seen;
        Print($"{published.Sent} pictures of {pictures.Average(p => p.Length) / 1e3:0.0} kB in {took:0.0} s to {watchers} watchers: {(everybody.Sum(v => v.Bytes) - bytes) / took / 1e6:0.0} MB/s");
        Print($"came {came} of {due}, skipped {due - came} ({(due - came) * 100.0 / due:0.00} %)");
        Print($"from publishing to the last watcher: p50 {At(published.Delays, .5):0.0} ms, p99 {At(published.Delays, .99):0.0} ms");
        if (before is not null && after is not null)
        {
            Print($"server CPU: {(after.CpuSeconds - before.CpuSeconds) / took * 100:0} % of a core ({(after.CpuSeconds - before.CpuSeconds) / came * 1e6:0.0} s per million frames), resident {after.ResidentBytes / 1e6:0} MB; this program: {(mine.TotalProcessorTime - own).TotalSeconds / took * 100:0} %");
        }

        foreach (var viewer in everybody)
        {
            viewer.Dispose();
        }
    }

    private static double At(List<double> times, double share) => times.Count == 0 ? double.NaN : times.Order().ElementAt((int)(share * (times.Count - 1)));

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
