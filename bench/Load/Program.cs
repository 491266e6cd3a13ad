using System.CommandLine;
using Counter.Load;

var url = new Option<string>("--url") { Description = "The gateway.", DefaultValueFactory = _ => "http://127.0.0.1:9192" };
var viewers = new Option<int>("--viewers") { Description = "Streams of one page.", DefaultValueFactory = _ => 1000 };
var joins = new Option<int>("--joins") { Description = "Joins that are timed, one after the other.", DefaultValueFactory = _ => 30 };
var process = new Option<int?>("--pid") { Description = "The gateway's process, to read its memory and CPU time from the operating system." };
var root = new RootCommand("Opens many streams of one page on loopback and times how long a join takes to reach everybody.")
{
    url, viewers, joins, process,
};
root.SetAction((parsed, cancellationToken) => new JoinRun(
    new Uri(parsed.GetValue(url)!), parsed.GetValue(viewers), parsed.GetValue(joins), parsed.GetValue(process)).RunAsync(cancellationToken));

var watchers = new Option<int>("--watchers") { Description = "Streams of one channel.", DefaultValueFactory = _ => 200 };
var fps = new Option<int>("--fps") { Description = "Pictures a second.", DefaultValueFactory = _ => 25 };
var seconds = new Option<int>("--seconds") { Description = "How long.", DefaultValueFactory = _ => 20 };
var key = new Option<string>("--key") { Description = "A key that may publish to the channel 'load'.", Required = true };
var relay = new Command("relay", "Publishes pictures of 640 x 480, which ffmpeg makes, to many watchers on loopback.")
{
    url, watchers, fps, seconds, key, process,
};
relay.SetAction((parsed, cancellationToken) => new RelayRun(
    new Uri(parsed.GetValue(url)!), parsed.GetValue(watchers), parsed.GetValue(fps), parsed.GetValue(seconds), parsed.GetValue(key)!,
    parsed.GetValue(process)).RunAsync(cancellationToken));
root.Add(relay);
root.Subcommands.Add(MonitorRun.Command());
root.Subcommands.Add(LatencyRun.Command());

var connection = new Option<string>("--connection") { Description = "An empty PostgreSQL database on this machine, of a superuser.", Required = true };
var reporters = new Option<int>("--reporters") { Description = "Gateways that report.", DefaultValueFactory = _ => 4 };
var held = new Option<int>("--seconds") { Description = "How long each rate is held.", DefaultValueFactory = _ => 20 };
var rates = new Option<int[]>("--changes") { Description = "Page changes a second.", DefaultValueFactory = _ => [10, 100, 1000], AllowMultipleArgumentsPerToken = true };
var pages = new Option<int[]>("--pages") { Description = "Pages with one viewer each.", DefaultValueFactory = _ => [1000, 10_000, 100_000], AllowMultipleArgumentsPerToken = true };
var cluster = new Command("cluster", "Reports to a database as several gateways do and tells what it costs.") { connection, reporters, held, rates, pages };
cluster.SetAction(async (parsed, cancellationToken) =>
{
    await using var run = new ClusterRun(parsed.GetValue(connection)!, parsed.GetValue(reporters), parsed.GetValue(held));
    foreach (var rate in parsed.GetValue(rates)!)
    {
        await run.ChangeAsync(rate, pages: 1000, cancellationToken);
    }

    foreach (var count in parsed.GetValue(pages)!)
    {
        await run.HoldAsync(count, cancellationToken);
    }

    await run.LeaveAsync(cancellationToken);
});
root.Add(cluster);
return await root.Parse(args).InvokeAsync();
