using System.CommandLine;
using System.Diagnostics;
using System.Net.Sockets;
using System.Security.Authentication;
using Counter.Attack.Attackers;

namespace Counter.Attack.Run;

/// <summary>Attacks until standard input ends, then writes the answers. Used by <see cref="AttackersProcess"/>.</summary>
internal static class AttackersCommand
{
    public const string Name = "attackers";

    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    public static Command Make()
    {
        var attack = new Argument<string>("attack");
        var plain = new Argument<string>("plain");
        var secure = new Argument<string>("secure");
        var network = new Argument<byte>("network");
        var addresses = new Argument<int>("addresses");
        var clients = new Argument<int>("clients");
        var way = new Argument<string>("way");
        var command = new Command(Name, "The clients of an attack that this program runs.") { attack, plain, secure, network, addresses, clients, way };
        command.Hidden = true;
        command.SetAction(parsed => RunAsync(
            Attacks.All.Single(one => one.Name == parsed.GetValue(attack)),
            new Target(new Uri(parsed.GetValue(plain)!), new Uri(parsed.GetValue(secure)!), parsed.GetValue(network), parsed.GetValue(addresses)),
            parsed.GetValue(clients),
            parsed.GetValue(way)!));
        return command;
    }

    private static async Task RunAsync(AttackKind attack, Target target, int clients, string way)
    {
        attack = attack with { Ways = [.. attack.Ways.Where(one => one.Name.StartsWith(way, StringComparison.Ordinal))] };
        var answers = new Answers();
        using var over = new CancellationTokenSource();
        var attacking = Enumerable.Range(0, clients).Select(number => Task.Run(() => AttackAsync(attack, target, number, answers, over.Token))).ToArray();
        await Console.In.ReadToEndAsync();
        await over.CancelAsync();
        await Task.WhenAll(attacking);
        answers.Write(Console.Out);
    }

    private static async Task AttackAsync(AttackKind attack, Target target, int number, Answers answers, CancellationToken over)
    {
        var (name, client) = attack.Ways[number % attack.Ways.Length];
        var prefix = name + ": ";
        while (!over.IsCancellationRequested)
        {
            var began = Stopwatch.GetTimestamp();
            try
            {
                await client(target, number, what => answers.Count(prefix + what), over);
                Closed("closed");
            }
            catch (Exception) when (over.IsCancellationRequested)
            {
                answers.Count(prefix + "open at the end");
                return;
            }
            catch (Exception e) when (e is IOException or SocketException or AuthenticationException or HttpRequestException)
            {
                Closed("closed");
            }
            catch (Exception e)
            {
                Closed("ended by " + e.GetBaseException().GetType().Name + ": " + e.GetBaseException().Message);
            }

            await Task.Delay(Pause, over).ContinueWith(static _ => { }, TaskScheduler.Default);

            void Closed(string how)
            {
                var elapsed = Stopwatch.GetElapsedTime(began);
                answers.Count(prefix + (elapsed < AtOnce ? how + " at once" : how), elapsed < AtOnce ? null : elapsed);
            }
        }
    }
}
