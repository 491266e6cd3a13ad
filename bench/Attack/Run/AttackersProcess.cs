using System.Diagnostics;
using System.Globalization;
using Counter.Attack.Attackers;

namespace Counter.Attack.Run;

/// <summary>The clients of one attack in a process of low priority, because real attackers use their own processors.</summary>
internal sealed class AttackersProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process process;
    private readonly Task<string> answers;

    /// <summary>Starts the process.</summary>
    public AttackersProcess(AttackKind attack, Target target, int clients, string way)
    {
        string[] numbers = [.. new[] { target.Network, target.Addresses, clients }.Select(n => n.ToString(CultureInfo.InvariantCulture))];
        process = Process.Start(new ProcessStartInfo(
            "nice", ["-n", "19", Environment.ProcessPath!, AttackersCommand.Name, attack.Name, target.Plain.OriginalString, target.Secure.OriginalString, .. numbers, way])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        answers = process.StandardOutput.ReadToEndAsync();
    }

    /// <summary>Ends the attack.</summary>
    /// <returns>The answers to the clients.</returns>
    public async Task<string> EndAsync()
    {
        process.StandardInput.Close();
        return await answers.WaitAsync(Patience);
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill();
        }

        process.Dispose();
    }
}
