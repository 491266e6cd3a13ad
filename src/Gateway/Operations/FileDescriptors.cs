using System.Globalization;
using Counter.Grains.Hosting;

namespace Counter.Gateway.Operations;

/// <summary>How many files and sockets the system lets this process open, and how many of them are not for connections.</summary>
/// <remarks>
/// A process that can open nothing more ends: the runtime cannot load the next assembly, and reports that it is out of memory. The runtime
/// itself raises the soft limit to the hard limit before any of this runs.
/// </remarks>
internal sealed class FileDescriptors
{
    /// <summary>How an operator raises the limit.</summary>
    public const string Remedy = "Raise the limit with ulimit -n, LimitNOFILE= of a systemd unit, or ulimits of a container.";

    // The program itself takes two for each of its assemblies: 250 in all when it listens (measured), and some more for TLS or a database.
    private const int Least = 512;

    // For later needs: assemblies, the database, other gateways, receivers of webhooks.
    private const int MostSpare = 2048;
    private const int PartSpare = 4;

    private const string LimitsFile = "/proc/self/limits";
    private const string LimitsLine = "Max open files";

    /// <exception cref="SettingException">The limit is too low for the program itself.</exception>
    public FileDescriptors(int? limit)
    {
        Limit = limit;
        if (limit < Least)
        {
            throw new SettingException(string.Create(
                CultureInfo.InvariantCulture, $"The system allows this process {limit} open files and sockets; it needs at least {Least}. {Remedy}"));
        }
    }

    /// <summary>The limit of open descriptors. Null where the system does not report one.</summary>
    public int? Limit { get; }

    /// <summary>The part of the limit that connections cannot take.</summary>
    public int Spare => Limit is { } limit ? Math.Min(limit / PartSpare, MostSpare) : MostSpare;

    /// <summary>
    /// Whether a descriptor belongs to the part that connections cannot take. The system returns the lowest free number (POSIX), so the number
    /// of a new descriptor is a lower bound of the open ones.
    /// </summary>
    public bool IsSpare(nint descriptor) => Limit is { } limit && descriptor >= limit - Spare;

    /// <summary>The number of connections that fit beside the open descriptors. Null where the system reports no limit.</summary>
    public int? Room() => Limit is { } limit ? Math.Max(0, limit - Spare - Directory.GetFileSystemEntries("/proc/self/fd").Length) : null;

    /// <summary>Reads the limit of this process from the system.</summary>
    public static FileDescriptors OfThisProcess() => new(File.Exists(LimitsFile) ? Read(File.ReadLines(LimitsFile)) : null);

    /// <summary>Reads the soft limit from the format of proc(5). Null for none.</summary>
    public static int? Read(IEnumerable<string> limits)
    {
        var line = limits.FirstOrDefault(line => line.StartsWith(LimitsLine, StringComparison.Ordinal));
        var soft = line?[LimitsLine.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
        return long.TryParse(soft, CultureInfo.InvariantCulture, out var limit) ? (int)Math.Min(limit, int.MaxValue) : null;
    }
}
