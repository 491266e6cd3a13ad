using System.Diagnostics;
using System.Globalization;
using System.Net;
using Counter.Gateway.Tests.Support;
using Counter.Grains.Hosting;
using Counter.Postgres.Tests.Faults;
using Xunit;

namespace Counter.Grains.Tests.Support;

/// <summary>Two silos and two gateways, each a process, that share a database; with a crowd at each gateway, and somebody who watches.</summary>
internal sealed class Deployment : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly int[] Both = [0, 1];

    // Silos of a test before are killed without a word, and nobody should wait for them.
    private readonly string cluster = Guid.NewGuid().ToString("N");
    private readonly List<SiloProcess> silos = [];
    private readonly List<GatewayProcess> gateways = [];
    private readonly List<Crowd> crowds = [];
    private readonly List<(Display Site, Display Page)> displays = [];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>The silos.</summary>
    public IReadOnlyList<SiloProcess> Silos => silos;

    /// <summary>The gateways.</summary>
    public IReadOnlyList<GatewayProcess> Gateways => gateways;

    /// <summary>The viewers of each gateway.</summary>
    public IReadOnlyList<Crowd> Crowds => crowds;

    /// <summary>The number of the site, and that of its first page, as each gateway shows it.</summary>
    public IReadOnlyList<(Display Site, Display Page)> Displays => displays;

    /// <summary>Starts them and lets viewers come, until both gateways show all of them.</summary>
    public static async Task<Deployment> StartAsync(string connectionString, int streams)
    {
        var deployment = new Deployment();
        try
        {
            foreach (var _ in Both)
            {
                await deployment.AddSiloAsync(connectionString);
            }

            foreach (var _ in Both)
            {
                var gateway = await GatewayProcess.StartAsync(
                    [IPAddress.Loopback],
                    [
                        "--Cluster:Engine=Orleans", "--Orleans:Store=Postgres", "--Orleans:ConnectionString=" + connectionString,
                        "--Orleans:ClusterId=" + deployment.cluster,
                        "--Cluster:Address=http://127.0.0.1:0", "--Streaming:DrainSeconds=2", "--Logging:LogLevel:Default=Warning",
                    ],
                    new Dictionary<string, string>());
                deployment.gateways.Add(gateway);
                deployment.displays.Add((
                    await Display.OpenAsync(gateway.Addresses[0], "site", Stop), await Display.OpenAsync(gateway.Addresses[0], "page", Stop)));
                deployment.crowds.Add(new Crowd(gateway.Addresses[0]));
            }

            await Task.WhenAll(deployment.crowds.Select(crowd => crowd.ComeAsync(streams / 2, Stop)));
            await deployment.RightAsync("everybody is there", Stopwatch.StartNew(), Patience, Both);
            return deployment;
        }
        catch
        {
            await deployment.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts another silo.</summary>
    public async Task AddSiloAsync(string connectionString)
    {
        var settings = RunningSilo.FreePorts();
        (settings.Store, settings.ConnectionString, settings.ClusterId) = (OrleansSettings.Postgres, connectionString, cluster);
        silos.Add(await SiloProcess.StartAsync(settings));
    }

    /// <summary>Waits until gateways show the viewers that they have themselves.</summary>
    /// <param name="what">What is waited for.</param>
    /// <param name="since">Runs since what is to be right within a time happened.</param>
    /// <param name="within">That time.</param>
    /// <param name="at">The gateways.</param>
    /// <returns>How long it took, as a sentence.</returns>
    public async Task<string> RightAsync(string what, Stopwatch since, TimeSpan within, params int[] at)
    {
        var (site, page) = (at.Sum(i => crowds[i].Present), at.Sum(i => crowds[i].OnFirstPage));
        using var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!at.All(i => displays[i].Site.Number == site && displays[i].Page.Number == page))
        {
            Assert.True(since.Elapsed < within, string.Create(
                CultureInfo.InvariantCulture,
                $"{what}: not within {within.TotalSeconds} s. Expected {site} of the site and {page} of the page; shown are {string.Join(", ", displays.Select(d => (d.Site.Number, d.Page.Number)))}."));
            await beat.WaitForNextTickAsync(Stop);
        }

        return string.Create(CultureInfo.InvariantCulture, $"{what}: after {since.Elapsed.TotalSeconds:F2} s (promised: {within.TotalSeconds} s)");
    }

    public async ValueTask DisposeAsync()
    {
        crowds.ForEach(crowd => crowd.Dispose());
        foreach (var (site, page) in displays)
        {
            site.Dispose();
            page.Dispose();
        }

        foreach (var process in gateways.Concat<IAsyncDisposable>(silos))
        {
            await process.DisposeAsync();
        }
    }
}
