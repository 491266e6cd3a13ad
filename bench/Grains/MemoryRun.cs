using System.CommandLine;
using System.Globalization;
using Counter.Counting.Cluster;
using Counter.Gateway.Tests.Support;

namespace Counter.Grains.Bench;

/// <summary>Opens pages with one viewer each and then further viewers of these pages, and measures what the silo of this process keeps of them.</summary>
internal sealed class MemoryRun(int sites, int viewers, int seconds)
{
    private const int PagesOfSite = 1000;

    /// <summary><c>memory</c></summary>
    public static Command Command()
    {
        var sites = new Option<int>("--sites") { Description = "Sites of a thousand pages.", DefaultValueFactory = _ => 20 };
        var viewers = new Option<int>("--viewers") { Description = "Further viewers of each page.", DefaultValueFactory = _ => 10 };
        var seconds = new Option<int>("--hold") { Description = "Seconds to wait at the end, for a dump of the process.", DefaultValueFactory = _ => 0 };
        var command = new Command("memory", "Prints what a silo keeps in memory of a page and of a viewer.") { sites, viewers, seconds };
        command.SetAction((parsed, cancellationToken) => new MemoryRun(
            parsed.GetValue(sites), parsed.GetValue(viewers), parsed.GetValue(seconds)).RunAsync(cancellationToken));
        return command;
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var silo = await LocalCluster.StartAsync(TimeProvider.System);
        using var messages = new Messages();
        var all = Enumerable.Range(0, sites).Select(i => $"site{i}.example").ToArray();
        var gateways = all.Select(site => new ReportingGateway(0, site)).ToArray();
        var pages = sites * PagesOfSite;

        // What the first page needs is not a page's.
        await OpenAsync(new ReportingGateway(0, "first.example"), "first.example");
        var (heap, resident) = await MeasureAsync(PagesOfSite);
        await OpenAllAsync();
        var (withPages, residentWithPages) = await MeasureAsync(PagesOfSite + pages);
        for (var i = 0; i < viewers; i++)
        {
            await OpenAllAsync();
        }

        var (withViewers, residentWithViewers) = await MeasureAsync(PagesOfSite + (pages * (viewers + 1)));
        var further = (double)viewers * pages;
        var (viewer, residentViewer) = ((withViewers - withPages) / further, (residentWithViewers - residentWithPages) / further);
        Say($"{pages} pages, then {pages * viewers} viewers more, silo in the process:");
        Say($"  a viewer {viewer:0} bytes of objects, {residentViewer:0} bytes of resident memory");
        var (page, residentPage) = (((double)(withPages - heap) / pages) - viewer, ((double)(residentWithPages - resident) / pages) - residentViewer);
        Say($"  a page without viewers {page:0} bytes of objects, {residentPage:0} bytes of resident memory");
        await Task.Delay(TimeSpan.FromSeconds(seconds), cancellationToken);

        async Task OpenAllAsync()
        {
            foreach (var (site, gateway) in all.Zip(gateways))
            {
                await OpenAsync(gateway, site);
            }
        }

        async Task OpenAsync(ReportingGateway gateway, string site)
        {
            await silo.Cluster.RenewAsync(new GatewayState(ReportingGateway.Id(0), "bench", "0", DateTimeOffset.UtcNow, 0, 0), cancellationToken);
            string[] paths = [.. Enumerable.Range(0, PagesOfSite).Select(i => $"/articles/{i}")];
            await silo.Cluster.SendAsync(site, messages.Copy(gateway.Open(paths, shows: true)), cancellationToken);
        }

        async Task<(long Objects, long Resident)> MeasureAsync(int expected)
        {
            // Reports to the site follow the answer.
            while ((await silo.Cluster.GetTotalsAsync(cancellationToken)).Viewers != expected)
            {
                await silo.Cluster.RenewAsync(new GatewayState(ReportingGateway.Id(0), "bench", "0", DateTimeOffset.UtcNow, 0, 0), cancellationToken);
                await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
            }

            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            return (GC.GetTotalMemory(forceFullCollection: true), Environment.WorkingSet);
        }
    }

    private static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
