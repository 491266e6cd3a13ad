using System.Diagnostics;

namespace Counter.Load;

/// <summary>What the operating system says of the gateway's process.</summary>
/// <param name="ResidentBytes">Memory in use.</param>
/// <param name="CpuSeconds">CPU time used so far, user and system.</param>
internal sealed record ServerState(long ResidentBytes, double CpuSeconds)
{
    /// <summary>Reads it; null when no process is named.</summary>
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
