using System.Globalization;

namespace Counter.Gateway.Monitor.Sampling;

/// <summary>Reads the CPU and memory usage of the machine or container from the operating system. All values are null except on Linux.</summary>
/// <param name="proc">The proc file system, usually <c>/proc</c>.</param>
/// <param name="groups">The mount point of control groups version 2, usually <c>/sys/fs/cgroup</c>.</param>
internal sealed class MachineUsage(string proc = "/proc", string groups = "/sys/fs/cgroup")
{
    /// <summary>The times of all processors; null when they are not available.</summary>
    public CpuTimes? ReadCpu()
    {
        try
        {
            using var stat = new StreamReader(Path.Combine(proc, "stat"));
            return CpuTimes.Read(stat);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The total memory for this process and its available part, in bytes; null when they are not known.</summary>
    public (long Total, long Available)? ReadMemory()
    {
        var machine = ReadNumbers(Path.Combine(proc, "meminfo"));
        if (!machine.TryGetValue("MemTotal:", out var total) || !machine.TryGetValue("MemAvailable:", out var available))
        {
            return null;
        }

        (total, available) = (total * 1024, available * 1024);
        foreach (var group in OwnGroups())
        {
            if (ReadNumber(Path.Combine(group, "memory.max")) is { } limit && ReadNumber(Path.Combine(group, "memory.current")) is { } used)
            {
                // The kernel frees the inactive file cache on demand, so it counts as available.
                var free = limit - used + ReadNumbers(Path.Combine(group, "memory.stat")).GetValueOrDefault("inactive_file");
                total = Math.Min(total, limit);
                available = Math.Clamp(free, 0, Math.Min(available, total));
            }
        }

        return (total, available);
    }

    /// <summary>The control group of this process and its parents. Each may have a limit.</summary>
    private IEnumerable<string> OwnGroups()
    {
        var own = ReadLines(Path.Combine(proc, "self/cgroup")).FirstOrDefault(line => line.StartsWith("0::/", StringComparison.Ordinal));
        for (var path = own?[4..] ?? ""; ; path = Path.GetDirectoryName(path) ?? "")
        {
            // In a container the path may be a path of the host. The container's own group is then the root.
            yield return Path.Combine(groups, path);
            if (path.Length == 0)
            {
                yield break;
            }
        }
    }

    private static Dictionary<string, long> ReadNumbers(string file)
    {
        var numbers = new Dictionary<string, long>();
        foreach (var line in ReadLines(file))
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length >= 2 && long.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                numbers[words[0]] = number;
            }
        }

        return numbers;
    }

    private static long? ReadNumber(string file) =>
        ReadLines(file) is [var line, ..] && long.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string[] ReadLines(string file)
    {
        try
        {
            return File.Exists(file) ? File.ReadAllLines(file) : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
