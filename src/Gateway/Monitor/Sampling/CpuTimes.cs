using System.Globalization;

namespace Counter.Gateway.Monitor.Sampling;

/// <summary>What the processors of this machine did since it started, in ticks of the kernel, as <c>/proc/stat</c> says (proc(5)).</summary>
/// <param name="User">Programs, also at low priority.</param>
/// <param name="System">The kernel, with its interrupts.</param>
/// <param name="Wait">Nothing, while something waited for a disk.</param>
/// <param name="Steal">What other guests of the host did meanwhile.</param>
/// <param name="Idle">Nothing.</param>
/// <param name="Processors">How many there are.</param>
internal readonly record struct CpuTimes(long User, long System, long Wait, long Steal, long Idle, int Processors)
{
    private const int FewestNumbers = 8;

    /// <summary>Reads the first lines; null when they are not as expected.</summary>
    public static CpuTimes? Read(TextReader stat)
    {
        CpuTimes? all = null;
        var processors = 0;

        // Many numbers about interrupts follow; nobody reads them.
        while (stat.ReadLine() is { } line && line.StartsWith("cpu", StringComparison.Ordinal))
        {
            if (line.StartsWith("cpu ", StringComparison.Ordinal))
            {
                all = Parse(line);
            }
            else
            {
                processors++;
            }
        }

        return all is { } times && processors > 0 ? times with { Processors = processors } : null;
    }

    /// <summary>What happened between two readings, in per cent of it all; null when nothing did.</summary>
    public CpuShares? Since(CpuTimes before)
    {
        // The time of waiting may go back (proc(5)).
        var shares = new CpuShares(
            Math.Max(0, User - before.User), Math.Max(0, System - before.System), Math.Max(0, Wait - before.Wait),
            Math.Max(0, Steal - before.Steal), Math.Max(0, Idle - before.Idle));
        var sum = shares.User + shares.System + shares.Wait + shares.Steal + shares.Idle;
        return sum > 0
            ? new CpuShares(
                100 * shares.User / sum, 100 * shares.System / sum, 100 * shares.Wait / sum, 100 * shares.Steal / sum, 100 * shares.Idle / sum)
            : null;
    }

    private static CpuTimes? Parse(string line)
    {
        // user nice system idle iowait irq softirq steal; what guests of ours use is in user already.
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var n = new long[FewestNumbers];
        for (var i = 0; i < n.Length; i++)
        {
            if (i + 1 >= words.Length || !long.TryParse(words[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out n[i]))
            {
                return null;
            }
        }

        return new CpuTimes(n[0] + n[1], n[2] + n[5] + n[6], n[4], n[7], n[3], 0);
    }
}

/// <summary>What processors did, in per cent; together 100.</summary>
internal readonly record struct CpuShares(double User, double System, double Wait, double Steal, double Idle);
