using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Counter.Counting.Pages;
using Counter.Counting.Presence;
using Counter.Gateway;
using Counter.Gateway.Links;
using Counter.Gateway.Relay;
using Counter.Gateway.Streaming;
using Counter.Gateway.Tests.Support;
using Counter.Links;
using Microsoft.Extensions.DependencyInjection;

// What it costs that gateways tell each other who comes: opens and closes streams at one gateway of several in this process,
// linked over loopback, and reads the process's CPU time. A stream here is only what presence sees of it, so HTTP costs extra.
const int Pairs = 10_000;
const string Key = "the-operators-key-of-this-benchmark";
var stream = new Quiet();
foreach (var count in args.Length > 0 ? args.Select(a => int.Parse(a, CultureInfo.InvariantCulture)) : [1, 2, 3, 4])
{
    var data = Directory.CreateTempSubdirectory("counter-links-");
    var apps = new List<WebApplication>();
    await using (var cluster = await LocalCluster.StartAsync(TimeProvider.System))
    {
        for (var i = 0; i < count; i++)
        {
            string[] settings = ["--urls=http://127.0.0.1:0", "--Cluster:Address=http://127.0.0.1:0", "--Streaming:DrainSeconds=0", "--Admin:Key=" + Key, "--Data:Directory=" + Path.Combine(data.FullName, $"{i}")];
            var app = CounterApp.Build(settings, builder =>
            {
                builder.Services.AddSingleton(cluster.Cluster);
                builder.Logging.ClearProviders();
            });
            await app.StartAsync();
            apps.Add(app);
        }

        var presences = apps.Select(app => app.Services.GetRequiredService<Feeds>().Presence).ToArray();
        while (apps.Any(app => app.Services.GetRequiredService<LinkKeeper>().Heard < count - 1))
        {
            await Task.Delay(10);
        }

        await RunAsync(presences);
        var cpu = Environment.CpuUsage.TotalTime;
        var clock = Stopwatch.StartNew();
        await RunAsync(presences);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{count} gateways: {Pairs} streams opened and closed at the first: {(Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds:f0} ms of CPU in all, heard everywhere after {clock.ElapsedMilliseconds} ms"));
        if (count <= 2)
        {
            var watched = apps[^1];
            await RelayRun.RunAsync(
                AddressOf(apps[0]), AddressOf(watched), Key,
                () => watched.Services.GetRequiredService<RelayChannels>().TryFind("bench", out _),
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

var name = new ViewName("0123456789abcdef0123456789abcdef", 12345);
var opened = new StreamOpened(
    12345, name, DateTimeOffset.UtcNow.UtcTicks, TimeSpan.Zero, new PageKey("example.com", "/blog/2026/a-post"),
    new VisitorKey("example.com", IdentityKind.Weak, ulong.MaxValue), ulong.MaxValue)
{ Before = new VisitorKey("example.com", IdentityKind.Weak, ulong.MaxValue), Settles = SettledBy.Padding };
Console.WriteLine(string.Create(
    CultureInfo.InvariantCulture, $"bytes on a link: {Bytes(opened)} for an opening, {Bytes(new StreamClosed(12345))} for a closing"));

static Uri AddressOf(WebApplication app) => new(app.Urls.First());

static int Bytes(StreamNews news) =>
    JsonSerializer.SerializeToUtf8Bytes(NewsLine.Of(news, "0123456789abcdef0123456789abcdef"), LinksJson.Default.NewsLine).Length + 1;

// A hundred visitors at a time, each of whom goes through a hundred pages.
async Task RunAsync(Presence[] presences)
{
    for (var round = 0; round < Pairs / 100; round++)
    {
        var tickets = Enumerable.Range(0, 100).Select(i => presences[0].Open(
            new Arrival(new PageKey("example.com", $"/{round}"), new VisitorKey("example.com", IdentityKind.Weak, (ulong)i), "/online.png"), stream)).ToList();
        tickets.ForEach(presences[0].Close);
        await Task.Yield();
    }

    while (presences.Any(presence => presence.CountVisitors("example.com") > 0))
    {
        await Task.Delay(1);
    }
}
