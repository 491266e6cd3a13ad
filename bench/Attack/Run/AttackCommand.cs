using System.CommandLine;
using Counter.Attack.Attackers;

namespace Counter.Attack.Run;

/// <summary>The commands that run one or several attacks.</summary>
internal static class AttackCommand
{
    private const string Built = "../../../../../src/Gateway/bin/Release/net10.0/Counter.Gateway.dll";

    public static Command Of(string name, string description, params AttackKind[] attacks)
    {
        var program = new Option<string>("--program") { DefaultValueFactory = _ => Path.GetFullPath(Built, AppContext.BaseDirectory), Description = "The gateway; else the one that was built with this." };
        var files = new Option<int>("--files") { DefaultValueFactory = _ => attacks is [{ Name: "descriptors" }] ? 1024 : 20_000, Description = "File descriptors that it may have (ulimit -n)." };
        var set = new Option<string[]>("--set") { DefaultValueFactory = _ => [], Description = "A setting of the gateway, such as Limits:Streams=500; again for more." };
        var seconds = new Option<int>("--seconds") { DefaultValueFactory = _ => 20, Description = "How long the attack lasts." };
        var minutes = new Option<int>("--minutes") { Description = "The same in minutes." };
        var after = new Option<int>("--after") { DefaultValueFactory = _ => 60, Description = "Seconds until the memory after it is read." };
        var streams = new Option<int>("--streams") { DefaultValueFactory = _ => 100, Description = "Image streams of others, from addresses of their own, half of them over HTTP/2." };
        var clients = new Option<int?>("--clients") { Description = "Attackers at a time" + (attacks is [var one] ? $"; else {one.Clients}." : ", of each kind.") };
        var addresses = new Option<int?>("--addresses") { Description = "Addresses that they come from" + (attacks is [var two] ? $"; else {two.Addresses}." : ", of each kind.") };
        var way = new Option<string>("--way") { DefaultValueFactory = _ => "", Description = "Only the ways whose names begin so." };
        way.Validators.Add(result =>
        {
            if (!attacks.Any(attack => attack.Has(result.GetValueOrDefault<string>())))
            {
                result.AddError($"There is no such way. There are: {string.Join(", ", attacks.SelectMany(attack => attack.Ways).Select(one => one.Name))}.");
            }
        });
        var command = new Command(name, description) { program, files, set, seconds, minutes, after, streams, clients, addresses, way };
        command.SetAction((parsed, cancel) => new AttackRun(
            [.. attacks.Where(attack => attack.Has(parsed.GetValue(way)!)).Select(attack => attack with { Clients = parsed.GetValue(clients) ?? attack.Clients, Addresses = parsed.GetValue(addresses) ?? attack.Addresses })],
            parsed.GetValue(minutes) is > 0 and var given ? TimeSpan.FromMinutes(given) : TimeSpan.FromSeconds(parsed.GetValue(seconds)),
            TimeSpan.FromSeconds(parsed.GetValue(after)),
            parsed.GetValue(streams),
            parsed.GetValue(way)!).RunAsync(parsed.GetValue(program)!, parsed.GetValue(files), parsed.GetValue(set)!.Select(setting => "--" + setting), cancel));
        return command;
    }
}
