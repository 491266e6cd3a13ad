using System.CommandLine;
using Counter.Load;

var root = new RootCommand("Measures a gateway, or several, that run already; bench/run compares one with other servers.");
root.Subcommands.Add(RelayRun.Command());
root.Subcommands.Add(MonitorRun.Command());
root.Subcommands.Add(LatencyRun.Command());
root.Subcommands.Add(KillRun.Command());
return await root.Parse(args).InvokeAsync();
