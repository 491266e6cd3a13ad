using System.CommandLine;
using Counter.Grains.Bench;

var root = new RootCommand("Measures what the grains cost: without gateways, without HTTP.");
root.Subcommands.Add(SiteRun.Command());
root.Subcommands.Add(MemoryRun.Command());
root.Subcommands.Add(ReportRun.Command());
return await root.Parse(args).InvokeAsync();
