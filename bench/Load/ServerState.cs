using System.Diagnostics;

namespace Counter.Load;

/// <summary>The memory and CPU time of the gateway's process.</summary>
/// <param name="ResidentBytes">Memory in use.</param>
/// <param name="CpuSeconds">CPU time used so far, user and system.</param>
internal sealed record ServerState(long ResidentBytes, double CpuSeconds)
{
    /// <summary>Reads the state from the operating system; null without a process id.</summary>
    public static ServerState? Read(int? id)
    {
        if (id is not { } pid)
        {
            return null;
        }

        using var process = Process.GetProcessById(pid);
        return new ServerState(process.WorkingSet64, process.TotalProcessorTime.TotalSeconds);
    }
}
