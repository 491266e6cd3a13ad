using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Counter.Counting.Documents;
using Microsoft.Extensions.Logging;

namespace Counter.Counting.Embedded;

/// <summary>One line of the journal: changes that were made together.</summary>
/// <param name="Version">The version that the documents have from here on.</param>
/// <param name="Documents">The documents as they are from here on; those without text are gone.</param>
internal sealed record JournalEntry(long Version, IReadOnlyList<Document> Documents);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(JournalEntry))]
internal sealed partial class JournalJson : JsonSerializerContext;

/// <summary>
/// The file <c>settings.jsonl</c>: one line for every change, on the disk before the change is seen, so that a process that is
/// killed loses nothing that was answered. Only its owner may read it: the secrets of webhooks are in it.
/// </summary>
internal sealed class DocumentJournal : IDisposable
{
    /// <summary>The file's name.</summary>
    public const string Name = "settings.jsonl";

    private const int LeastBytes = 1024 * 1024;

    private readonly string path;
    private readonly ILogger logger;
    private FileStream? file;
    private long compactBytes;

    /// <param name="directory">The data directory, which this process has for itself.</param>
    /// <param name="logger">Told about damage.</param>
    public DocumentJournal(string directory, ILogger logger) =>
        (path, this.logger) = (Path.Combine(directory, Name), logger);

    /// <summary>Reads every line. The last one may be cut short: its change was never answered.</summary>
    /// <exception cref="DataDirectoryException">A line in the middle is damaged: settings must not be lost in silence.</exception>
    public IReadOnlyList<JournalEntry> Read()
    {
        var entries = new List<JournalEntry>();
        if (!File.Exists(path))
        {
            return entries;
        }

        var text = File.ReadAllText(path);
        var isCutShort = text.Length > 0 && !text.EndsWith('\n');
        var lines = text.TrimEnd('\n').Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            try
            {
                entries.Add(JsonSerializer.Deserialize(lines[i], JournalJson.Default.JournalEntry)
                    ?? throw new JsonException("The line says nothing."));
            }
            catch (JsonException e) when (i < lines.Length - 1 || !isCutShort)
            {
                throw new DataDirectoryException(
                    $"Line {i + 1} of {path} is damaged: correct or remove that line, and start again. ({e.Message})", e);
            }
            catch (JsonException)
            {
                logger.DroppedUnanswered(path);
            }
        }

        return entries;
    }

    /// <summary>Adds a line, and returns once it is on the disk.</summary>
    /// <param name="entry">The line.</param>
    /// <param name="version">The version before it.</param>
    /// <param name="documents">What is true before it: the file is written anew when a line that failed could not be taken back.</param>
    /// <exception cref="IOException">It is not on the disk, and never will be.</exception>
    public void Append(JournalEntry entry, long version, Func<IEnumerable<Document>> documents)
    {
        if (file is null)
        {
            Compact(version, documents());
        }

        var open = file!;
        var length = open.Length;
        try
        {
            open.Write(Line(entry));
            open.Flush(flushToDisk: true);
        }
        catch
        {
            TakeBack(open, length);
            throw;
        }
    }

    private void TakeBack(FileStream open, long length)
    {
        try
        {
            open.SetLength(length);
            open.Position = length;
        }
        catch (IOException)
        {
            file = null;
            open.Dispose();
        }
    }

    /// <summary>Writes the file anew with what is true now, and opens it.</summary>
    /// <exception cref="IOException">There is no room; the file is as it was.</exception>
    public void Compact(long version, IEnumerable<Document> documents)
    {
        var next = path + ".next";
        var written = Create(next);
        try
        {
            // A document keeps its own version, which is what others know it by.
            foreach (var same in documents.GroupBy(d => d.Version).OrderBy(g => g.Key))
            {
                written.Write(Line(new JournalEntry(same.Key, [.. same])));
            }

            written.Write(Line(new JournalEntry(version, [])));
            written.Flush(flushToDisk: true);
            File.Move(next, path, overwrite: true);
        }
        catch
        {
            written.Dispose();
            throw;
        }

        file?.Dispose();
        file = written;
        compactBytes = written.Length;
    }

    /// <summary>Writes the file anew when most of it is about what has changed again since. Where that fails it goes on growing.</summary>
    public void Tidy(long version, Func<IEnumerable<Document>> documents)
    {
        if (file is null || file.Length <= LeastBytes + 4 * compactBytes)
        {
            return;
        }

        try
        {
            Compact(version, documents());
        }
        catch (IOException e)
        {
            logger.GoesOnGrowing(path, e.Message);
        }
    }

    public void Dispose() => file?.Dispose();

    private static byte[] Line(JournalEntry entry) =>
        Encoding.UTF8.GetBytes(JsonSerializer.Serialize(entry, JournalJson.Default.JournalEntry) + "\n");

    private static FileStream Create(string path) => OwnerOnly.Open(
        path, new() { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.Read | FileShare.Delete, BufferSize = 0 });
}
