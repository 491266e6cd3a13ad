using System.Diagnostics;
using System.Globalization;
using Counter.Counting.Cluster;
using Counter.Counting.Pages;
using Counter.Grains.Engine;
using Counter.Grains.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace Counter.Grains.Bench;

/// <summary>Holds many pages, and then reports changes of them as fast as the silos answer, 50 pages in a report.</summary>
internal sealed class ReportRun(ClusterSettings settings, int pages, int gateways, int seconds, int[] processes)
{
    private const int PagesOfSite = 1000;
    private const int PagesOfReport = 50;

    private long sequence;
    private int failed;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var connection = new OrleansConnection(settings, TimeProvider.System, NullLoggerFactory.Instance);
        await connection.StartAsync(cancellationToken);
        while (connection.Client is null)
        {
            await Task.Delay(100, cancellationToken);
        }

        var clusters = Enumerable.Range(0, gateways).Select(_ => new OrleansCluster(
            () => connection.Client, new ClusterLimits(), TimeProvider.System, NullLogger<OrleansCluster>.Instance)).ToList();
        var all = Enumerable.Range(0, pages).Select(i => new PageKey($"site{i / PagesOfSite}.example", $"/page/{i}")).ToArray();
        await Task.WhenAll(clusters.Select((cluster, g) => RenewAsync(cluster, g, cancellationToken)));
        var before = Memory();
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(clusters.Select((cluster, g) =>
            ReportAsync(cluster, g, all.Where((_, i) => i % gateways == g), 1, cancellationToken)));
        var first = watch.Elapsed;
        Say($"{pages} pages reported in {first.TotalSeconds:0.0} s; the silos have {(Memory() - before) / 1024.0 / 1024:0} MB more, {(double)(Memory() - before) / pages:0} bytes a page; {failed} reports were not answered in time");

        var (cpu, reported) = (Cpu(), 0L);
        watch.Restart();
        await Task.WhenAll(clusters.Select(async (cluster, g) =>
        {
            var mine = all.Where((_, i) => i % gateways == g).ToArray();
            for (var i = 0; watch.Elapsed.TotalSeconds < seconds; i++)
            {
                if (i % 100 == 0)
                {
                    await RenewAsync(cluster, g, cancellationToken);
                }

                await ReportAsync(cluster, g, Enumerable.Range(0, PagesOfReport).Select(n => mine[((i * PagesOfReport) + n) % mine.Length]), (i % 2) + 1, cancellationToken);
                Interlocked.Add(ref reported, PagesOfReport);
            }
        }));
        Say($"{reported / watch.Elapsed.TotalSeconds:0} page reports a second in {reported / PagesOfReport / watch.Elapsed.TotalSeconds:0} reports, for {100 * (Cpu() - cpu) / watch.Elapsed.TotalSeconds:0} % of a core in the silos");
        for (var g = 0; g < gateways; g++)
        {
            await clusters[g].LeaveAsync($"bench{g}", cancellationToken);
        }

        await connection.StopAsync(cancellationToken);
    }

    private static async Task RenewAsync(OrleansCluster cluster, int g, CancellationToken cancellationToken) =>
        await cluster.RenewAsync(new GatewayState($"bench{g}", "bench", "0", DateTimeOffset.UtcNow, 0, 0), cancellationToken);

    private static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    private async Task ReportAsync(OrleansCluster cluster, int g, IEnumerable<PageKey> some, int viewers, CancellationToken cancellationToken)
    {
        var report = new Report($"bench{g}", [.. some.Select(page => new PageReport(page, 1, Interlocked.Increment(ref sequence), viewers, viewers))]);
        while (true)
        {
            try
            {
                if ((await cluster.ReportAsync(report, cancellationToken)).Known)
                {
                    return;
                }

                await RenewAsync(cluster, g, cancellationToken);
            }
            catch (ClusterUnavailableException)
            {
                // As a gateway does.
                Interlocked.Increment(ref failed);
            }
        }
    }

    private long Memory() => processes.Sum(id => Process.GetProcessById(id).WorkingSet64);

    private double Cpu() => processes.Sum(id => Process.GetProcessById(id).TotalProcessorTime.TotalSeconds);
}
