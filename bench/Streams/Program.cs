using System.CommandLine;
using Counter.Streams;

// Browsers have a large window. The client's own way to find one asks the server every two seconds on each connection.
AppContext.SetSwitch("System.Net.SocketsHttpHandler.Http2FlowControl.DisableDynamicWindowSizing", true);

var rounds = Table.Rounds();
var viewers = new Option<int>("--viewers") { Description = "Streams of one page.", DefaultValueFactory = _ => 5000 };
var changes = new Option<int>("--changes") { Description = "Changes a second.", DefaultValueFactory = _ => 10 };
var seconds = new Option<int>("--seconds") { Description = "How long CPU time is measured.", DefaultValueFactory = _ => 10 };
var idle = new Option<int>("--idle") { Description = "Streams of one page whose memory is measured; 0 for not at all.", DefaultValueFactory = _ => 17_000 };
var active = new Option<int>("--active") { Description = "Seconds of changes on that page before its memory is measured again; 0 for not at all.", DefaultValueFactory = _ => 60 };
var pages = new Option<int>("--pages") { Description = "Pages that the streams of --idle are spread over, where the server knows pages.", DefaultValueFactory = _ => 1 };
var only = Table.Only();
var json = Table.Json();
var root = new RootCommand("Measures Counter beside other servers of live pictures, each alone on the first processor.")
{
    rounds, viewers, changes, seconds, idle, active, pages, only, json,
};
root.SetAction((parsed, _) => new Comparison(
    parsed.GetValue(rounds), parsed.GetValue(viewers), parsed.GetValue(changes), parsed.GetValue(seconds), parsed.GetValue(idle), parsed.GetValue(active), parsed.GetValue(pages),
    parsed.GetValue(only)!, parsed.GetValue(json)).RunAsync());
root.Subcommands.Add(Http2Trial.Command());
root.Subcommands.Add(CrowdTrial.Command());
root.Subcommands.Add(PagesTrial.Command());
root.Subcommands.Add(StartTrial.Command());
root.Subcommands.Add(KillTrial.Command());
root.Subcommands.Add(TableComparison.Command());
return root.Parse(args).Invoke();
