using System.Collections.Concurrent;
using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Counter.Counting.Cluster;
using Counter.Counting.Pages;
using Counter.Counting.Presence;
using Counter.Grains.Client;
using Counter.Grains.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace Counter.Grains.Bench;

/// <summary>
/// Holds many pages with a viewer each. Then a second viewer opens and leaves each page as fast as the silos answer, with 50 pages in a batch.
/// </summary>
internal sealed class ReportRun(ClusterSettings settings, int pages, int gateways, int seconds, int[] processes)
{
    private const int PagesOfSite = 1000;
    private const int PagesOfBatch = 50;

    private readonly ConcurrentDictionary<(int Gateway, string Site), SiteStreams> sites = [];
    private readonly ConcurrentDictionary<(int Gateway, PageKey Page), long> second = [];
    private long batches;
    private long streams;
    private int failed;

    /// <summary><c>reports --connection … --pid …</c></summary>
    public static Command Command()
    {
        var connection = new Option<string>("--connection") { Description = "The database of the silos.", Required = true };
        var pages = new Option<int>("--pages") { Description = "Pages with one viewer each, a thousand of them a site.", DefaultValueFactory = _ => 100_000 };
        var gateways = new Option<int>("--gateways") { Description = "Gateways that report.", DefaultValueFactory = _ => 4 };
        var seconds = new Option<int>("--seconds") { Description = "How long they report changes, as many as they can.", DefaultValueFactory = _ => 20 };
        var processes = new Option<int[]>("--pid") { Description = "The silos' processes, to read their memory and CPU time.", AllowMultipleArgumentsPerToken = true };
        var command = new Command("reports", "Reports to silos that run already as gateways do, and prints what pages cost there.")
        {
            connection, pages, gateways, seconds, processes,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var settings = new ClusterSettings { Store = ClusterSettings.Postgres, ConnectionString = parsed.GetValue(connection)! };
            return new ReportRun(
                settings, parsed.GetValue(pages), parsed.GetValue(gateways), parsed.GetValue(seconds), parsed.GetValue(processes) ?? []).RunAsync(cancellationToken);
        });
        return command;
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var connection = new OrleansConnection(settings, TimeProvider.System, NullLoggerFactory.Instance);
        await connection.StartAsync(cancellationToken);
        while (connection.Client is null)
        {
            await Task.Delay(100, cancellationToken);
        }

        var clusters = Enumerable.Range(0, gateways).Select(_ => new OrleansCluster(
            () => connection.Client, TimeProvider.System, NullLogger<OrleansCluster>.Instance)).ToList();
        var all = Enumerable.Range(0, pages).Select(i => new PageKey($"site{i / PagesOfSite}.example", $"/page/{i}")).ToArray();
        await Task.WhenAll(clusters.Select((cluster, g) => RenewAsync(cluster, g, cancellationToken)));
        var before = Memory();
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(clusters.Select(async (cluster, g) =>
        {
            foreach (var some in all.Where((_, i) => i % gateways == g).Chunk(PagesOfSite))
            {
                await TellAsync(cluster, g, some, isOpen: true, stays: true, cancellationToken);
            }
        }));
        var first = watch.Elapsed;
        Say($"{pages} pages with a viewer in {first.TotalSeconds:0.0} s; the silos have {(Memory() - before) / 1024.0 / 1024:0} MB more, {(double)(Memory() - before) / pages:0} bytes a page; {failed} batches were not answered in time");

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

                var some = Enumerable.Range(0, PagesOfBatch).Select(n => mine[((i / 2 * PagesOfBatch) + n) % mine.Length]).ToArray();
                await TellAsync(cluster, g, some, isOpen: i % 2 == 0, stays: false, cancellationToken);
                Interlocked.Add(ref reported, PagesOfBatch);
            }
        }));
        Say($"{reported / watch.Elapsed.TotalSeconds:0} openings and closings a second in {reported / PagesOfBatch / watch.Elapsed.TotalSeconds:0} batches, for {100 * (Cpu() - cpu) / watch.Elapsed.TotalSeconds:0} % of a core in the silos");
        for (var g = 0; g < gateways; g++)
        {
            await clusters[g].LeaveAsync($"bench{g}", cancellationToken);
        }

        await connection.StopAsync(cancellationToken);
    }

    private static async Task RenewAsync(OrleansCluster cluster, int g, CancellationToken cancellationToken) =>
        await cluster.RenewAsync(new GatewayState($"bench{g}", "bench", "0", DateTimeOffset.UtcNow, 0, 0), cancellationToken);

    private static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    private async Task TellAsync(OrleansCluster cluster, int g, PageKey[] some, bool isOpen, bool stays, CancellationToken cancellationToken)
    {
        foreach (var pagesOfSite in some.GroupBy(page => page.Site))
        {
            var site = sites.GetOrAdd((g, pagesOfSite.Key), _ => new SiteStreams($"bench{g}", pagesOfSite.Key, () => Interlocked.Increment(ref batches), TimeProvider.System)
            {
                Limits = new CountLimits(int.MaxValue, int.MaxValue, int.MaxValue),
            });
            foreach (var page in pagesOfSite)
            {
                if (!isOpen)
                {
                    site.Close(site.Find(second[(g, page)])!);
                    continue;
                }

                var number = Interlocked.Increment(ref streams);
                var visitor = new VisitorKey(page.Site, IdentityKind.Weak, (ulong)number);
                site.Open(new StreamEntry(number, new StreamOrigin(page, visitor, "/online.png") { Settles = SettledBy.Itself }, new Nobody(), 0));
                if (!stays)
                {
                    second[(g, page)] = number;
                }
            }

            while ((site.TakeAgain() ?? site.TakeBatch()) is { } batch)
            {
                try
                {
                    var reply = await cluster.SendAsync(pagesOfSite.Key, batch, cancellationToken);
                    site.Answer(reply);
                    if (reply.Status == BatchStatus.UnknownGateway)
                    {
                        await RenewAsync(cluster, g, cancellationToken);
                    }
                }
                catch (ClusterUnavailableException)
                {
                    // A gateway continues after this exception too.
                    Interlocked.Increment(ref failed);
                }
            }
        }
    }

    private long Memory() => processes.Sum(id => Process.GetProcessById(id).WorkingSet64);

    private double Cpu() => processes.Sum(id => Process.GetProcessById(id).TotalProcessorTime.TotalSeconds);

    private sealed class Nobody : IOpenResponse
    {
        public void Probe(Action written) => written();

        public void End()
        {
        }
    }
}
