using System.CommandLine;
using Counter.Attack.Attackers;
using Counter.Attack.Run;

var root = new RootCommand("Starts a gateway, attacks it, and prints what others notice of it.");
foreach (var attack in Attacks.All)
{
    root.Subcommands.Add(AttackCommand.Of(attack.Name, attack.Description, attack));
}

root.Subcommands.Add(AttackCommand.Of("all", "All of these at once: with --minutes 30 --streams 2000 the soak.", [.. Attacks.All]));
root.Subcommands.Add(AttackersCommand.Make());

// The command stops the gateway before it ends, also after Ctrl+C.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });
