using System.CommandLine;
using System.Globalization;

namespace Counter.Attack;

/// <summary>One client of an attack. Goes on until it is cancelled, and counts what it is answered.</summary>
/// <param name="gateway">Whom it attacks.</param>
/// <param name="number">Which of the clients it is.</param>
/// <param name="answers">Where answers are counted.</param>
/// <param name="over">The attack is over.</param>
internal delegate Task AttackingClient(Uri gateway, int number, Answers answers, CancellationToken over);

/// <summary>Looks at what others notice without an attack, during it, and a while after it.</summary>
internal static class AttackRun
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(5);

    /// <summary>The command of one attack.</summary>
    public static Command Command(string name, string description, AttackingClient client)
    {
        var gateway = new Option<Uri>("--gateway") { CustomParser = result => new Uri(result.Tokens[0].Value), DefaultValueFactory = _ => new Uri("http://127.0.0.1:8080"), Description = "Where the gateway listens." };
        var clients = new Option<int>("--clients") { DefaultValueFactory = _ => 64, Description = "Attackers at a time." };
        var seconds = new Option<int>("--seconds") { DefaultValueFactory = _ => 15, Description = "How long they attack." };
        var pid = new Option<int?>("--pid") { Description = "The gateway's process, to read its memory." };
        var command = new Command(name, description) { gateway, clients, seconds, pid };
        command.SetAction((parsed, cancel) => RunAsync(
            client, parsed.GetValue(gateway)!, parsed.GetValue(clients), TimeSpan.FromSeconds(parsed.GetValue(seconds)), parsed.GetValue(pid), cancel));
        return command;
    }

    private static async Task RunAsync(AttackingClient client, Uri gateway, int clients, TimeSpan time, int? pid, CancellationToken cancel)
    {
        await using var others = new Others(gateway);
        await using var pushes = new Pushes(gateway);
        await using var memory = new PeakMemory(pid);
        await Task.Delay(Quiet, cancel);
        Print("before");

        var answers = new Answers();
        using (var over = CancellationTokenSource.CreateLinkedTokenSource(cancel))
        {
            over.CancelAfter(time);
            await Task.WhenAll(Enumerable.Range(0, clients).Select(number => UntilOverAsync(client, gateway, number, answers, over.Token)));
        }

        Print("attacked");
        Console.WriteLine("attackers were answered: " + answers);
        await Task.Delay(Quiet, cancel);
        Print("after");

        void Print(string when) => Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{when,-9} others {others.Take()}   pushes {pushes.Take()}   memory {memory.Take()}"));
    }

    private static async Task UntilOverAsync(AttackingClient client, Uri gateway, int number, Answers answers, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            try
            {
                await client(gateway, number, answers, over);
            }
            catch (OperationCanceledException) when (over.IsCancellationRequested)
            {
                // As it should end.
            }
            catch (Exception e)
            {
                answers.Count(e.GetBaseException().GetType().Name);
            }
        }
    }
}
