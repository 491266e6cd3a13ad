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
// exist only for presence, so the cost of HTTP is not included. Threads without work do not spin, as in the gateway's own process.
const int Loads = 10_000;
const int Together = 1000;
const int Rounds = 21;
const int FirstRounds = 30;
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
        await MeasureAsync(presences);
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

// The first rounds, while code is compiled again, are not counted.
async Task MeasureAsync(PresenceClient[] presences)
{
    var (cpu, wall) = (new List<double>(), new List<double>());
    for (var round = 0; round < FirstRounds + Rounds; round++)
    {
        var before = Environment.CpuUsage.TotalTime;
        var clock = Stopwatch.StartNew();
        await LoadAsync(presences);
        if (round >= FirstRounds)
        {
            cpu.Add((Environment.CpuUsage.TotalTime - before).TotalMicroseconds / Loads);
            wall.Add(clock.Elapsed.TotalMilliseconds);
        }
    }

    cpu.Sort();
    wall.Sort();
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{presences.Length} gateways: {cpu[Rounds / 2]:f1} us of CPU for a page load in all ({cpu[0]:f1} to {cpu[^1]:f1}), {wall[Rounds / 2]:f0} ms for {Loads}"));
}

// Visitors open pages and leave them as fast as gateways take them. Each goes to the next gateway. Batches grow by themselves.
async Task LoadAsync(PresenceClient[] presences)
{
    for (var first = 0; first < Loads; first += Together)
    {
        var open = new List<(PresenceClient At, StreamEntry Stream)>(Together);
        for (var i = 0; i < Together; i++)
        {
            var presence = presences[i % presences.Length];
            open.Add((presence, presence.Open(
                new StreamOrigin(new PageKey("example.com", $"/{i % 100}"), new VisitorKey("example.com", IdentityKind.Weak, (ulong)i), "/online.png"), stream)));
            presence.Send("example.com");
        }

        await Task.WhenAll(presences.Select(presence => presence.FlushAsync(CancellationToken.None)));
        open.ForEach(one => one.At.Close(one.Stream));
        await Task.WhenAll(presences.Select(presence => presence.FlushAsync(CancellationToken.None)));
    }
}
