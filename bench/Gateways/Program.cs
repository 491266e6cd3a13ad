using System.Diagnostics;
using System.Globalization;
using Counter.Counting.Pages;
using Counter.Counting.Presence;
using Counter.Gateway;
using Counter.Gateway.Cluster;
using Counter.Gateway.Relay;
using Counter.Gateway.Tests.Support;
using Counter.Gateways;
using Microsoft.Extensions.DependencyInjection;

// Measures the CPU time of a page load: opens and closes streams at gateways in turn. The gateways and a silo run in this process. The streams
// exist only for presence, so the cost of HTTP is not included.
const int Rounds = 5;
const string Key = "the-operators-key-of-this-benchmark";
var stream = new Quiet();
foreach (var count in args.Length > 0 ? args.Select(a => int.Parse(a, CultureInfo.InvariantCulture)) : [1, 2, 4])
{
    var data = Directory.CreateTempSubdirectory("counter-links-");
    var apps = new List<WebApplication>();
    await using (var cluster = await LocalCluster.StartAsync(TimeProvider.System))
    {
        for (var i = 0; i < count; i++)
        {
            string[] settings = ["--urls=http://127.0.0.1:0", "--Streaming:DrainSeconds=0", "--Admin:Key=" + Key, "--Data:Directory=" + Path.Combine(data.FullName, $"{i}")];
            var app = CounterApp.Build(settings, builder =>
            {
                builder.Services.AddSingleton(cluster.Connect());
                builder.Logging.ClearProviders();
            });
            await app.StartAsync();
            apps.Add(app);
        }

        var presences = apps.Select(app => app.Services.GetRequiredService<PresenceClient>()).ToArray();
        await MeasureAsync(presences, loads: 10_000, together: 100);
        await MeasureAsync(presences, loads: 2000, together: 1);
        if (count <= 2)
        {
            var watched = apps[^1];
            await RelayRun.RunAsync(
                AddressOf(apps[0]), AddressOf(watched), Key,
                () => apps[0].Services.GetRequiredService<RelayChannels>().Status("bench") is { Frames: > 0 },
                count == 1 ? "relay within one gateway" : "relay across two gateways");
        }
    }

    foreach (var app in apps)
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }

    data.Delete(recursive: true);
}

static Uri AddressOf(WebApplication app) => new(app.Urls.First());

// Each visitor opens a page and leaves it. A batch has `together` visitors. The first round compiles the code, and is not counted.
async Task MeasureAsync(PresenceClient[] presences, int loads, int together)
{
    var (cpu, wall) = (new List<double>(), new List<double>());
    for (var round = 0; round <= Rounds; round++)
    {
        var before = Environment.CpuUsage.TotalTime;
        var clock = Stopwatch.StartNew();
        await LoadAsync(presences, loads, together);
        if (round > 0)
        {
            cpu.Add((Environment.CpuUsage.TotalTime - before).TotalMicroseconds / loads);
            wall.Add(clock.Elapsed.TotalMilliseconds);
        }
    }

    cpu.Sort();
    wall.Sort();
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{presences.Length} gateways, {together} at a time: {cpu[Rounds / 2]:f1} us of CPU for a page load in all ({cpu[0]:f1} to {cpu[^1]:f1}), {wall[Rounds / 2]:f0} ms for {loads}"));
}

async Task LoadAsync(PresenceClient[] presences, int loads, int together)
{
    for (var round = 0; round < loads / together; round++)
    {
        var presence = presences[round % presences.Length];
        var entries = Enumerable.Range(0, together).Select(i => presence.Open(
            new Arrival(new PageKey("example.com", $"/{round % 100}"), new VisitorKey("example.com", IdentityKind.Weak, (ulong)i), "/online.png"), stream)).ToList();
        presence.Send("example.com");
        await presence.FlushAsync(CancellationToken.None);
        entries.ForEach(presence.Close);
        await presence.FlushAsync(CancellationToken.None);
    }
}
