using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging;

namespace Counter.Grains;

/// <summary>
/// What a grain stores: JSON, compressed where that is worth it. The JSON is the counter logic's own, so what is stored does not depend on how Orleans or a
/// storage provider writes things down.
/// </summary>
[GenerateSerializer, Alias("counter.StoredBytes")]
public sealed partial class StoredBytes
{
    /// <summary>Compressed JSON.</summary>
    public const int Compressed = 1;

    /// <summary>JSON as it is.</summary>
    public const int Plain = 2;

    // What most pages store is shorter: to compress it takes several times as long as to write it, and saves little.
    private const int WorthCompressing = 2048;

    /// <summary>The format; 0 when nothing is stored.</summary>
    [Id(0)]
    public int Format { get; set; }

    /// <summary>The JSON.</summary>
    [Id(1)]
    public byte[]? Bytes { get; set; }

    /// <summary>The activation that wrote it, as <see cref="StoreWriter.NextWriter"/> numbers them; 0 when nothing is stored.</summary>
    [Id(2)]
    public long Writer { get; set; }

    /// <summary>What is stored; null when nothing is.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or of a format that this program does not know.</exception>
    internal T? Read<T>(JsonTypeInfo<T> type)
        where T : class
    {
        if (Format == 0 || Bytes is null)
        {
            return null;
        }

        using Stream json = Format switch
        {
            Compressed => new GZipStream(new MemoryStream(Bytes), CompressionMode.Decompress),
            Plain => new MemoryStream(Bytes),
            _ => throw new InvalidDataException($"What is stored has the format {Format}; this program reads {Compressed} and {Plain}."),
        };
        return JsonSerializer.Deserialize(json, type) ?? throw new InvalidDataException("What is stored says nothing.");
    }

    /// <summary>
    /// Makes something of what is stored, and lets go of it; null when nothing is, and when it is damaged. A grain that could not begin would hold up
    /// everybody who reports to it, so it begins anew, and the log says so without naming it.
    /// </summary>
    internal TResult? TryRead<T, TResult>(JsonTypeInfo<T> type, Func<T, TResult> make, ILogger log)
        where T : class
        where TResult : class
    {
        try
        {
            return Read(type) is { } known ? make(known) : null;
        }
        catch (Exception e) when (e is InvalidDataException or JsonException)
        {
            LogDamaged(log, typeof(T).Name, e.GetType().Name);
            return null;
        }
        finally
        {
            // What it says is in the grain.
            Release();
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A {Kind} in the store is damaged ({Problem}); its past is lost and it begins anew.")]
    private static partial void LogDamaged(ILogger log, string kind, string problem);

    /// <summary>Replaces what is stored.</summary>
    internal void Write<T>(T value, JsonTypeInfo<T> type)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(value, type);
        if (json.Length < WorthCompressing)
        {
            (Format, Bytes) = (Plain, json);
            return;
        }

        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(json);
        }

        (Format, Bytes) = (Compressed, memory.ToArray());
    }

    /// <summary>Lets go of the JSON that was read or written.</summary>
    internal void Release() => Bytes = null;
}
