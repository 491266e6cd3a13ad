using System.Globalization;

namespace Counter.Gateway.Monitor.Sampling;

/// <summary>The processor times of this machine since it started, in ticks of the kernel, from <c>/proc/stat</c> (proc(5)).</summary>
/// <param name="User">Time in programs, including those at low priority.</param>
/// <param name="System">Time in the kernel, including interrupts.</param>
/// <param name="Wait">Idle time while a program waited for a disk.</param>
/// <param name="Steal">Time that the host gave to its other guests.</param>
/// <param name="Idle">Idle time.</param>
/// <param name="Processors">The number of processors.</param>
internal readonly record struct CpuTimes(long User, long System, long Wait, long Steal, long Idle, int Processors)
{
    private const int FewestNumbers = 8;

    /// <summary>Parses the first lines; null when they have another format.</summary>
    public static CpuTimes? Read(TextReader stat)
    {
        CpuTimes? all = null;
        var processors = 0;

        // The many numbers about interrupts that follow are not read.
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

    /// <summary>The shares between two readings, in per cent; null when no time has passed.</summary>
    public CpuShares? Since(CpuTimes before)
    {
        // The wait time may decrease (proc(5)).
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
        // user nice system idle iowait irq softirq steal. The time of this machine's own guests is part of user.
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

/// <summary>Shares of processor time in per cent. Their sum is 100.</summary>
internal readonly record struct CpuShares(double User, double System, double Wait, double Steal, double Idle);
