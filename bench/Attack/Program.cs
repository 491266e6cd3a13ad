using System.CommandLine;
using Counter.Attack;

var root = new RootCommand("Attacks a gateway that runs already, and prints what others notice of it.");
root.Subcommands.Add(AttackRun.Command("pictures", "Asks for pictures that nobody asked for before.", NewPictures.AskAsync));
return await root.Parse(args).InvokeAsync();
