using System.Diagnostics;
using System.Globalization;
using System.Net;
using Counter.Gateway.Tests.Support;
using Xunit;

namespace Counter.Postgres.Tests.Faults;

/// <summary>Three gateways, each a process, that share a database; with a crowd at each, and somebody who watches.</summary>
internal sealed class Trio : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly List<GatewayProcess> gateways = [];
    private readonly List<Crowd> crowds = [];
    private readonly List<(Display Site, Display Page, Display Visitors)> displays = [];

    public GatewayProcess this[int i] => gateways[i];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Starts them and lets viewers come, until all show all.</summary>
    /// <param name="streams">The viewers of all three.</param>
    /// <param name="connection">How each reaches the database.</param>
    /// <param name="environment">What each has in its environment.</param>
    public static async Task<Trio> StartAsync(
        int streams, Func<int, string> connection, Func<int, Dictionary<string, string>>? environment = null)
    {
        var trio = new Trio();
        try
        {
            var starting = Enumerable.Range(0, 3).Select(i => GatewayProcess.StartAsync(
                [IPAddress.Loopback],
                [
                    "--Cluster:Engine=Postgres", "--Cluster:ConnectionString=" + connection(i), "--Cluster:Address=http://127.0.0.1:0",
                    "--Streaming:DrainSeconds=2", "--Logging:LogLevel:Default=Warning",
                ],
                environment?.Invoke(i) ?? [])).ToArray();
            await Task.WhenAll(starting).ContinueWith(_ => { }, TaskScheduler.Default);
            trio.gateways.AddRange(starting.Where(start => start.IsCompletedSuccessfully).Select(start => start.Result));
            await Task.WhenAll(starting);
            foreach (var gateway in trio.gateways)
            {
                var address = gateway.Addresses[0];
                trio.displays.Add((
                    await Display.OpenAsync(address, "site", Stop), await Display.OpenAsync(address, "page", Stop), await Display.OpenAsync(address, "visitors", Stop)));
                trio.crowds.Add(new Crowd(address));
            }

            await Task.WhenAll(trio.crowds.Select(crowd => crowd.ComeAsync(streams / 3, Stop)));
            await trio.RightAsync("everybody is there", Stopwatch.StartNew(), Patience, [0, 1, 2], [0, 1, 2]);
            return trio;
        }
        catch
        {
            await trio.DisposeAsync();
            throw;
        }
    }

    /// <summary>The viewers of a gateway.</summary>
    public Crowd Crowd(int i) => crowds[i];

    /// <summary>The number of the site, as a gateway shows it.</summary>
    public Display Site(int i) => displays[i].Site;

    /// <summary>Streams of any crowd that ended and were not meant to.</summary>
    public int Lost => crowds.Sum(crowd => crowd.Lost);

    /// <summary>Waits until gateways show the viewers of some of them.</summary>
    /// <param name="what">What is waited for.</param>
    /// <param name="since">Runs since what is to be right within a time happened.</param>
    /// <param name="within">That time.</param>
    /// <param name="at">The gateways that are to show it.</param>
    /// <param name="of">The gateways whose viewers are to be shown.</param>
    /// <param name="visitors">Whether the distinct visitors of the site are to be right too.</param>
    /// <returns>How long it took, as a sentence.</returns>
    public async Task<string> RightAsync(string what, Stopwatch since, TimeSpan within, int[] at, int[] of, bool visitors = true)
    {
        var (site, page) = (of.Sum(i => crowds[i].Present), of.Sum(i => crowds[i].OnFirstPage));
        using var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!at.All(i => displays[i].Site.Number == site && displays[i].Page.Number == page && (!visitors || displays[i].Visitors.Number == site)))
        {
            Assert.True(since.Elapsed < within, string.Create(
                CultureInfo.InvariantCulture, $"{what}: not within {within.TotalSeconds} s. Expected {site} of the site and {page} of the page; shown are {Shown()}."));
            await beat.WaitForNextTickAsync(Stop);
        }

        return string.Create(CultureInfo.InvariantCulture, $"{what}: after {since.Elapsed.TotalSeconds:F2} s (promised: {within.TotalSeconds} s)");
    }

    public async ValueTask DisposeAsync()
    {
        crowds.ForEach(crowd => crowd.Dispose());
        foreach (var (site, page, visitors) in displays)
        {
            site.Dispose();
            page.Dispose();
            visitors.Dispose();
        }

        foreach (var gateway in gateways)
        {
            await gateway.DisposeAsync();
        }
    }

    private string Shown() => string.Join(", ", displays.Select(shown => string.Create(
        CultureInfo.InvariantCulture, $"{shown.Site.Number}/{shown.Page.Number} with {shown.Visitors.Number} visitors")));
}
