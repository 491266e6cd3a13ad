using System.Globalization;

namespace Counter.Gateway.Monitor.Sampling;

/// <summary>What the operating system says of the machine, or of the container: Linux only, elsewhere it says nothing.</summary>
/// <param name="proc">Usually <c>/proc</c>.</param>
/// <param name="groups">Where version 2 of the control groups is, usually <c>/sys/fs/cgroup</c>.</param>
internal sealed class MachineUsage(string proc = "/proc", string groups = "/sys/fs/cgroup")
{
    /// <summary>The times of all processors; null when nobody tells.</summary>
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

    /// <summary>The memory there is for us, and how much of it can still be had, in bytes; null when nobody tells.</summary>
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
                // Files that were read and may be forgotten are no burden.
                var free = limit - used + ReadNumbers(Path.Combine(group, "memory.stat")).GetValueOrDefault("inactive_file");
                total = Math.Min(total, limit);
                available = Math.Clamp(free, 0, Math.Min(available, total));
            }
        }

        return (total, available);
    }

    /// <summary>The control group of this process, and those around it: each may have a limit.</summary>
    private IEnumerable<string> OwnGroups()
    {
        var own = ReadLines(Path.Combine(proc, "self/cgroup")).FirstOrDefault(line => line.StartsWith("0::/", StringComparison.Ordinal));
        for (var path = own?[4..] ?? ""; ; path = Path.GetDirectoryName(path) ?? "")
        {
            // In a container the path may be one of the host's; the container's own group is then the root.
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
