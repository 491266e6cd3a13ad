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

root.Subcommands.Add(RelayRun.Command());
root.Subcommands.Add(MonitorRun.Command());
root.Subcommands.Add(LatencyRun.Command());
root.Subcommands.Add(ClusterRun.Command());
return await root.Parse(args).InvokeAsync();
