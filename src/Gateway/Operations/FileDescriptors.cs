using System.Globalization;
using Counter.Grains.Hosting;

namespace Counter.Gateway.Operations;

/// <summary>How many files and sockets the system lets this process have open, and how many of them others than connections need.</summary>
/// <remarks>
/// A process that may open nothing more ends: the runtime cannot load the next part of the program, and says that it is out of memory. The runtime itself
/// raises the limit as far as it may (the soft limit to the hard one) before any of this runs.
/// </remarks>
internal sealed class FileDescriptors
{
    /// <summary>What makes the system allow more.</summary>
    public const string Remedy = "Raise it with ulimit -n, LimitNOFILE= of a systemd unit, or ulimits of a container.";

    // The program itself takes two for each of its assemblies: 250 in all when it listens (measured), and some more when it is asked for TLS or a database.
    private const int Least = 512;

    // For what is opened later: assemblies, the database, other gateways, receivers of webhooks.
    private const int MostSpare = 2048;
    private const int PartSpare = 4;

    private const string LimitsFile = "/proc/self/limits";
    private const string LimitsLine = "Max open files";

    /// <exception cref="SettingException">There are too few for the program itself.</exception>
    public FileDescriptors(int? limit)
    {
        Limit = limit;
        if (limit < Least)
        {
            throw new SettingException(string.Create(
                CultureInfo.InvariantCulture, $"The system lets this process have {limit} files and sockets open; it needs at least {Least}. {Remedy}"));
        }
    }

    /// <summary>The most that may be open; null where the system does not say.</summary>
    public int? Limit { get; }

    /// <summary>The part of the limit that no connection may take.</summary>
    public int Spare => Limit is { } limit ? Math.Min(limit / PartSpare, MostSpare) : MostSpare;

    /// <summary>
    /// Whether a descriptor is one of those that no connection may take. The system gives out the lowest number that is free (POSIX), so
    /// the number of one that was just opened says how many are open at least, whoever has them.
    /// </summary>
    public bool IsSpare(nint descriptor) => Limit is { } limit && descriptor >= limit - Spare;

    /// <summary>How many connections there is room for, beside what is open now; null where the system does not say.</summary>
    public int? Room() => Limit is { } limit ? Math.Max(0, limit - Spare - Directory.GetFileSystemEntries("/proc/self/fd").Length) : null;

    /// <summary>Asks the system.</summary>
    public static FileDescriptors OfThisProcess() => new(File.Exists(LimitsFile) ? Read(File.ReadLines(LimitsFile)) : null);

    /// <summary>Reads the soft limit from what proc(5) says; null for none.</summary>
    public static int? Read(IEnumerable<string> limits)
    {
        var line = limits.FirstOrDefault(line => line.StartsWith(LimitsLine, StringComparison.Ordinal));
        var soft = line?[LimitsLine.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
        return long.TryParse(soft, CultureInfo.InvariantCulture, out var limit) ? (int)Math.Min(limit, int.MaxValue) : null;
    }
}
