using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Counter.Counting.Totals;

namespace Counter.Counting.Embedded;

/// <summary>
/// The file of one site: gzip, whose checksum tells damage, around JSON. It is never changed in place: the next generation is written
/// beside it and takes its name once it is on the disk, and the one before is kept.
/// </summary>
/// <remarks>
/// Killed at any moment, a process leaves a whole file under one of the three names. Hard links, which could keep the current name
/// taken all the time, are not used because network shares do not have them.
/// </remarks>
internal sealed class SiteFile(string directory, string name)
{
    /// <summary>The format that is written, and the only one that is read.</summary>
    public const int Format = 1;

    private const string Suffix = ".json.gz";
    private const string NextSuffix = Suffix + ".next";
    private const string PreviousSuffix = Suffix + ".previous";

    // File systems take 255 bytes; the longest suffix, that of a damaged generation, still has to fit.
    private const int LongestName = 150;

    /// <summary>The file.</summary>
    public string Current { get; } = Path.Combine(directory, name + Suffix);

    /// <summary>The generation that is being written; there only while that goes on, or when it was cut off.</summary>
    public string Next { get; } = Path.Combine(directory, name + NextSuffix);

    /// <summary>The generation before.</summary>
    public string Previous { get; } = Path.Combine(directory, name + PreviousSuffix);

    /// <summary>The file of a site.</summary>
    public static SiteFile Of(string directory, string site)
    {
        var escaped = Uri.EscapeDataString(site);
        return new SiteFile(directory, escaped.Length <= LongestName ? escaped
            : $"{escaped.AsSpan(0, LongestName - 33)}~{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(site)).AsSpan(0, 16))}");
    }

    /// <summary>Every site that has a file of any generation.</summary>
    public static IEnumerable<SiteFile> All(string directory) => Directory.EnumerateFiles(directory)
        .Select(path => Path.GetFileName(path)!)
        .Select(file => NameWithout(file, Suffix) ?? NameWithout(file, NextSuffix) ?? NameWithout(file, PreviousSuffix))
        .OfType<string>()
        .Distinct()
        .Select(name => new SiteFile(directory, name));

    /// <summary>Reads a generation.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or of a format that this program does not know.</exception>
    /// <exception cref="JsonException">It is damaged.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static SiteState Read(string path)
    {
        using var file = File.OpenRead(path);
        using var gzip = new GZipStream(file, CompressionMode.Decompress);
        var stored = JsonSerializer.Deserialize(gzip, SiteJson.Default.StoredSite)
            ?? throw new InvalidDataException("It says nothing.");
        return stored.Format == Format
            ? stored.Site ?? throw new InvalidDataException("It has no site.")
            : throw new InvalidDataException($"It has the format {stored.Format}; this program reads {Format}.");
    }

    /// <summary>Writes the next generation and puts it in place.</summary>
    /// <returns>The time it took, without waiting for the disk.</returns>
    /// <exception cref="IOException">There is no room, or the directory is gone; the current generation is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">The directory may not be written.</exception>
    public TimeSpan Write(SiteState state, TimeProvider clock)
    {
        var started = clock.GetTimestamp();
        TimeSpan took;
        using (var file = OwnerOnly.Open(Next, new() { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.None }))
        {
            using (var gzip = new GZipStream(file, CompressionLevel.Fastest, leaveOpen: true))
            {
                JsonSerializer.Serialize(gzip, new StoredSite(Format, state), SiteJson.Default.StoredSite);
            }

            took = clock.GetElapsedTime(started);
            file.Flush(flushToDisk: true);
        }

        if (File.Exists(Current))
        {
            File.Move(Current, Previous, overwrite: true);
        }

        File.Move(Next, Current, overwrite: true);
        return took;
    }

    /// <summary>Removes every generation.</summary>
    public void Delete()
    {
        File.Delete(Next);
        File.Delete(Previous);
        File.Delete(Current);
    }

    private static string? NameWithout(string file, string suffix) =>
        file.EndsWith(suffix, StringComparison.Ordinal) ? file[..^suffix.Length] : null;
}
