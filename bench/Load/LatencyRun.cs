using System.Collections.Concurrent;
using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Counter.Load;

/// <summary>
/// Measures the time from the opening or leaving of a page at one gateway to the new number at a watcher of another gateway, at a rate of
/// page changes a second.
/// </summary>
internal sealed class LatencyRun(Uri[] gateways, int pages, int seconds, string connectionString)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(10);

    private readonly ConcurrentBag<double> opened = [];
    private readonly ConcurrentBag<double> left = [];
    private int missed;

    /// <summary><c>latency --gateways url1,url2,… --rate 10 100 1000 --connection …</c></summary>
    public static Command Command()
    {
        var urls = new Option<string>("--gateways") { Description = "Gateways of one cluster, separated by commas.", Required = true };
        var rates = new Option<int[]>("--rate") { Description = "Page changes a second.", DefaultValueFactory = _ => [10, 100, 1000], AllowMultipleArgumentsPerToken = true };
        var pages = new Option<int>("--pages") { Description = "Pages, each with a watcher.", DefaultValueFactory = _ => 1000 };
        var seconds = new Option<int>("--seconds") { Description = "How long each rate is held.", DefaultValueFactory = _ => 20 };
        var connection = new Option<string>("--connection") { Description = "The gateways' PostgreSQL database on this machine, of a superuser.", Required = true };
        var command = new Command("latency", "Times how long a change of a page at one gateway takes to be seen at another.") { urls, rates, pages, seconds, connection };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            Uri[] gateways = [.. parsed.GetValue(urls)!.Split(',').Select(url => new Uri(url))];
            foreach (var rate in parsed.GetValue(rates)!)
            {
                await new LatencyRun(gateways, parsed.GetValue(pages), parsed.GetValue(seconds), parsed.GetValue(connection)!).RunAsync(rate, cancellationToken);
            }
        });
        return command;
    }

    private async Task RunAsync(int rate, CancellationToken cancellationToken)
    {
        var watched = await Task.WhenAll(Enumerable.Range(0, pages).Select(number => WatchedPage.OpenAsync(
            number, gateways[number % gateways.Length], gateways[(number + 1) % gateways.Length])));
        await Task.Delay(2000, cancellationToken);
        await using var database = NpgsqlDataSource.Create(connectionString);
        var before = await DatabaseState.ReadAsync(database);
        var idle = new Queue<WatchedPage>(watched);
        var changing = new List<(WatchedPage Page, Task Change)>();
        var (made, skipped) = (0, 0);
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed.TotalSeconds < seconds)
        {
            foreach (var done in changing.Where(one => one.Change.IsCompleted).ToArray())
            {
                changing.Remove(done);
                idle.Enqueue(done.Page);
            }

            for (; made + skipped < rate * watch.Elapsed.TotalSeconds; made++)
            {
                if (!idle.TryDequeue(out var page))
                {
                    skipped++;
                    break;
                }

                changing.Add((page, ChangeAsync(page)));
            }

            await Task.Delay(Pace, cancellationToken);
        }

        var took = watch.Elapsed.TotalSeconds;
        await Task.WhenAll(changing.Select(one => one.Change));
        var after = await DatabaseState.ReadAsync(database);
        Print($"{rate,5} page changes a second ({made / took:0} made, {skipped} skipped, {missed} not seen within {Patience.TotalSeconds:0} s):");
        Print($"      opened: {Times(opened)}; left: {Times(left)}");
        Console.WriteLine($"      database: {before.Until(after)}");
        foreach (var page in watched)
        {
            page.Dispose();
        }

        await Task.Delay(2000, cancellationToken);
    }

    private async Task ChangeAsync(WatchedPage page)
    {
        var opens = !page.IsViewed;
        try
        {
            var time = await page.ChangeAsync().WaitAsync(Patience);
            (opens ? opened : left).Add(time.TotalMilliseconds);
        }
        catch (TimeoutException)
        {
            Interlocked.Increment(ref missed);
        }
    }

    private static string Times(ConcurrentBag<double> times)
    {
        var sorted = times.Order().ToArray();
        return sorted.Length == 0 ? "none" : string.Create(
            CultureInfo.InvariantCulture, $"p50 {sorted[sorted.Length / 2]:0} ms, p99 {sorted[sorted.Length * 99 / 100]:0} ms");
    }

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
