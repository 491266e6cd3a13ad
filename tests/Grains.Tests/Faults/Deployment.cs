using System.Diagnostics;
using System.Globalization;
using System.Net;
using Counter.Gateway.Tests.Support;
using Counter.Grains.Hosting;
using Counter.Grains.Tests.Support;
using Xunit;

namespace Counter.Grains.Tests.Faults;

/// <summary>Two silos and two gateways, each a process, that share a database; with a crowd at each gateway, and somebody who watches.</summary>
internal sealed class Deployment : IAsyncDisposable
{
    /// <summary>Both gateways.</summary>
    public static readonly int[] Both = [0, 1];

    /// <summary>What the gateways make visitors' hashes with.</summary>
    public const string Secret = "xyzzy94-of-at-least-thirty-two-characters";

    /// <summary>The operator's key.</summary>
    public const string Key = "the-operators-key-of-the-faults-and-no-other";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(120);

    // Silos of a test before are killed without a word, and nobody should wait for them.
    private readonly string cluster = Guid.NewGuid().ToString("N");
    private readonly string connection;
    private readonly Func<int, Dictionary<string, string>> environment;
    private readonly List<SiloProcess> silos = [];
    private readonly GatewayProcess[] gateways = new GatewayProcess[2];
    private readonly Crowd[] crowds = new Crowd[2];
    private readonly (Display Site, Display Page)[] displays = new (Display, Display)[2];
    private readonly List<string> output = [];

    private Deployment(string connection, Func<int, Dictionary<string, string>>? environment, Func<bool, int, string?>? folder) =>
        (this.connection, this.environment, Folder) = (connection, environment ?? (_ => []), folder ?? ((_, _) => null));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Where the program of a silo (true) or gateway of a number is that is started next; null for the one that was built with the tests.</summary>
    public Func<bool, int, string?> Folder { get; set; }

    /// <summary>The silos.</summary>
    public IReadOnlyList<SiloProcess> Silos => silos;

    /// <summary>The gateways.</summary>
    public IReadOnlyList<GatewayProcess> Gateways => gateways;

    /// <summary>The viewers of each gateway.</summary>
    public IReadOnlyList<Crowd> Crowds => crowds;

    /// <summary>The number of the site, and that of its first page, as each gateway shows it.</summary>
    public IReadOnlyList<(Display Site, Display Page)> Displays => displays;

    /// <summary>Streams that ended and were not meant to.</summary>
    public int Lost => crowds.Sum(crowd => crowd.Lost);

    /// <summary>What all processes have written.</summary>
    public IReadOnlyList<string> Output => [.. output, .. silos.SelectMany(silo => silo.Output), .. gateways.SelectMany(gateway => gateway.Output)];

    /// <summary>Starts them and lets viewers come, until both gateways show all of them.</summary>
    /// <param name="connection">How to connect to the database.</param>
    /// <param name="streams">The viewers of both gateways.</param>
    /// <param name="environment">What each silo, and the gateway of the same number, has in its environment.</param>
    /// <param name="folder">See <see cref="Folder"/>.</param>
    public static async Task<Deployment> StartAsync(
        string connection, int streams, Func<int, Dictionary<string, string>>? environment = null, Func<bool, int, string?>? folder = null)
    {
        var deployment = new Deployment(connection, environment, folder);
        try
        {
            foreach (var _ in Both)
            {
                await deployment.AddSiloAsync();
            }

            await Task.WhenAll(Both.Select(deployment.StartGatewayAsync));
            await Task.WhenAll(deployment.crowds.Select(crowd => crowd.ComeAsync(streams / 2, Stop)));
            await deployment.RightAsync("everybody is there", Stopwatch.StartNew(), Deadline, Both);
            return deployment;
        }
        catch
        {
            await deployment.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts another silo.</summary>
    public async Task AddSiloAsync()
    {
        var settings = RunningSilo.FreePorts();
        (settings.Store, settings.ConnectionString, settings.ClusterId) = (ClusterSettings.Postgres, connection, cluster);
        silos.Add(await SiloProcess.StartAsync(settings, environment(silos.Count), Folder(true, silos.Count)));
    }

    /// <summary>Lets go of a silo that has ended.</summary>
    public async Task RemoveSiloAsync(int silo)
    {
        output.AddRange(silos[silo].Output);
        await silos[silo].DisposeAsync();
        silos.RemoveAt(silo);
    }

    /// <summary>Starts a gateway, or another one in its place, without viewers.</summary>
    public async Task StartGatewayAsync(int i)
    {
        await EndGatewayAsync(i);
        gateways[i] = await GatewayProcess.StartAsync(
            [IPAddress.Loopback],
            [
                "--Cluster:Store=Postgres", "--Cluster:ConnectionString=" + connection, "--Cluster:ClusterId=" + cluster,
                "--Streaming:DrainSeconds=2", "--Identity:Secret=" + Secret, "--Admin:Key=" + Key,
            ],
            environment(i),
            folder: Folder(false, i));
        var address = gateways[i].Addresses[0];
        displays[i] = (await Display.OpenAsync(address, "site", Stop), await Display.OpenAsync(address, "page", Stop));
        crowds[i] = new Crowd(address);
    }

    /// <summary>Waits until gateways show the viewers of some of them.</summary>
    /// <param name="what">What is waited for.</param>
    /// <param name="since">Runs since what is to be right within a time happened.</param>
    /// <param name="within">That time.</param>
    /// <param name="at">The gateways that are to show it.</param>
    /// <param name="of">The gateways whose viewers are to be shown; null for those that show it.</param>
    /// <returns>How long it took, as a sentence.</returns>
    public async Task<string> RightAsync(string what, Stopwatch since, TimeSpan within, int[] at, int[]? of = null)
    {
        of ??= at;
        var (site, page) = (of.Sum(i => crowds[i].Present), of.Sum(i => crowds[i].OnFirstPage));
        using var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!at.All(i => displays[i].Site.Number == site && displays[i].Page.Number == page))
        {
            Assert.True(since.Elapsed < within, string.Create(
                CultureInfo.InvariantCulture,
                $"{what}: not within {within.TotalSeconds} s. Expected {site} of the site and {page} of the page; shown are {string.Join(", ", displays.Select(d => (d.Site.Number, d.Page.Number)))}."));
            await beat.WaitForNextTickAsync(Stop);
        }

        return string.Create(CultureInfo.InvariantCulture, $"{what}: after {since.Elapsed.TotalSeconds:F1} s (at most {within.TotalSeconds} s)");
    }

    /// <summary>Resets the highest and the lowest number.</summary>
    public void Forget()
    {
        foreach (var (site, page) in displays)
        {
            site.Forget();
            page.Forget();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll([.. Both.Select(EndGatewayAsync), .. silos.Select(silo => silo.DisposeAsync().AsTask())]);
    }

    private async Task EndGatewayAsync(int i)
    {
        if (gateways[i] is not { } gateway)
        {
            return;
        }

        crowds[i]?.Dispose();
        displays[i].Site?.Dispose();
        displays[i].Page?.Dispose();
        output.AddRange(gateway.Output);
        await gateway.DisposeAsync();
    }
}
