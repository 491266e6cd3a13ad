using System.Globalization;
using Counter.Attack.Attackers;
using Counter.Attack.Honest;

namespace Counter.Attack.Run;

/// <summary>Measures the service for honest clients before, during and after an attack.</summary>
/// <param name="attacks">The simultaneous attacks.</param>
/// <param name="time">The duration of the attack.</param>
/// <param name="after">The time after the attack until the last measurement.</param>
/// <param name="streams">The open image streams of honest viewers.</param>
/// <param name="way">The beginning of the names of the variants to run.</param>
internal sealed class AttackRun(IReadOnlyList<AttackKind> attacks, TimeSpan time, TimeSpan after, int streams, string way)
{
    private const byte HonestNetwork = 1;
    private const byte FirstAttackers = 100;
    private const int StreamsPerAddress = 20;
    private const int LogLines = 5;
    private const int LogLength = 200;

    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Settling = TimeSpan.FromMinutes(5);

    /// <summary>Runs the attack and prints a table.</summary>
    /// <returns>The exit code: 1 when the gateway or an honest stream ended.</returns>
    public async Task<int> RunAsync(string program, int files, IEnumerable<string> settings, CancellationToken cancel)
    {
        await using var gateway = await AttackedGateway.StartAsync(program, files, settings);
        var honest = new Target(gateway.Plain, gateway.Secure, HonestNetwork, 1 + streams / StreamsPerAddress);
        await using var viewers = new ImageStreams(honest);
        await viewers.OpenAsync(streams, cancel);
        await using var others = new Others(honest);
        await using var pushes = new Pushes(gateway.Plain);
        await using var memory = new PeakMemory(gateway.ProcessId);
        await gateway.WaitAsync(Quiet, cancel);

        Print($"{string.Join(", ", attacks.Select(attack => $"{attack.Clients} × {attack.Name} from {attack.Addresses} addresses"))}; {time.TotalSeconds:0} s, {files} files");
        Print($"           {"others: p50 p99 longest",-46}pushes: p50 p99 longest");
        Row("before");
        var before = memory.Now;
        memory.Forget();

        var answers = new Answers();
        var processes = attacks.Select((attack, i) => new AttackersProcess(
            attack, new Target(gateway.Plain, gateway.Secure, (byte)(FirstAttackers + i), attack.Addresses), attack.Clients, way)).ToList();
        var settling = time / 2 < Settling ? time / 2 : Settling;
        long early, peak, end;
        try
        {
            await gateway.WaitAsync(settling, cancel);
            early = memory.Now;
            await gateway.WaitAsync(time - settling, cancel);
            (peak, end) = (memory.Peak, memory.Now);
            Row("attacked");
            for (var i = 0; i < processes.Count; i++)
            {
                answers.Add(await processes[i].EndAsync(), attacks.Count > 1 ? attacks[i].Name + ", " : "");
            }
        }
        finally
        {
            processes.ForEach(process => process.Dispose());
        }

        others.Take();
        pushes.Take();
        await gateway.WaitAsync(after, cancel);
        Row("after");
        Print($"memory: {before} MB before, {early} after {settling.TotalSeconds:0} s, {peak} at the peak, {end} at the end, {memory.Now} {after.TotalSeconds:0} s later");
        Print($"streams of others: {viewers}");
        Print($"lines of the log: {gateway.Log.Sum(kind => kind.Count)}");
        foreach (var (count, line) in gateway.Log.Take(LogLines))
        {
            Print($"    {count} × {(line.Length > LogLength ? line[..LogLength] + "…" : line)}");
        }

        Print($"attackers were answered:");
        foreach (var line in answers.Lines)
        {
            Print($"    {line}");
        }

        if (gateway.Ending is { } ending)
        {
            Print($"THE GATEWAY ENDED, {ending}");
        }

        return gateway.Ending is null && viewers.Ended == 0 ? 0 : 1;

        void Row(string when) => Print($"{when,-10} {others.Take(),-46}{pushes.Take()}");
    }

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
