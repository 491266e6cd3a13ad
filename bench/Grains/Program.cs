using System.CommandLine;
using Counter.Grains.Bench;
using Counter.Grains.Hosting;

var connection = new Option<string>("--connection") { Description = "The database of the silos.", Required = true };
var pages = new Option<int>("--pages") { Description = "Pages with one viewer each, a thousand of them a site.", DefaultValueFactory = _ => 100_000 };
var gateways = new Option<int>("--gateways") { Description = "Gateways that report.", DefaultValueFactory = _ => 4 };
var seconds = new Option<int>("--seconds") { Description = "How long they report changes, as many as they can.", DefaultValueFactory = _ => 20 };
var processes = new Option<int[]>("--pid") { Description = "The silos' processes, to read their memory and CPU time.", AllowMultipleArgumentsPerToken = true };
var root = new RootCommand("Reports to silos as gateways do, and tells what pages cost there.") { connection, pages, gateways, seconds, processes };
root.SetAction((parsed, cancellationToken) =>
{
    var settings = new ClusterSettings { Store = ClusterSettings.Postgres, ConnectionString = parsed.GetValue(connection)! };
    return new ReportRun(settings, parsed.GetValue(pages), parsed.GetValue(gateways), parsed.GetValue(seconds), parsed.GetValue(processes) ?? []).RunAsync(cancellationToken);
});
return await root.Parse(args).InvokeAsync();
