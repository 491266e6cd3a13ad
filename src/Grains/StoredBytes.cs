using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging;

namespace Counter.Grains;

/// <summary>
/// The stored state of a grain: JSON, compressed when it is long. The JSON is written by this program, so the stored format does not depend on
/// the serializers of Orleans or of a storage provider.
/// </summary>
[GenerateSerializer, Alias("counter.StoredBytes")]
public sealed partial class StoredBytes
{
    /// <summary>Compressed JSON.</summary>
    public const int Compressed = 1;

    /// <summary>Uncompressed JSON.</summary>
    public const int Plain = 2;

    // Most pages store less. Compression takes several times as long as writing them, and saves little.
    private const int WorthCompressing = 2048;

    /// <summary>The format; 0 when nothing is stored.</summary>
    [Id(0)]
    public int Format { get; set; }

    /// <summary>The JSON.</summary>
    [Id(1)]
    public byte[]? Bytes { get; set; }

    /// <summary>The number of the activation that wrote it, from <see cref="StoreWriter.NextWriter"/>; 0 when nothing is stored.</summary>
    [Id(2)]
    public long Writer { get; set; }

    /// <summary>Reads the JSON; null when nothing is stored.</summary>
    /// <exception cref="InvalidDataException">The data is damaged or has an unknown format.</exception>
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
            _ => throw new InvalidDataException($"The stored data has the format {Format}; this version reads {Compressed} and {Plain}."),
        };
        return JsonSerializer.Deserialize(json, type) ?? throw new InvalidDataException("The stored JSON is null.");
    }

    /// <summary>
    /// Reads the JSON, converts it and releases the bytes. It returns null when nothing is stored or the data is damaged. A grain that cannot
    /// activate would block every caller, so it starts empty instead. The log does not name the grain.
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
            // The grain has the data now.
            Release();
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A {Kind} in the store is damaged ({Problem}). Its data is lost and it starts empty.")]
    private static partial void LogDamaged(ILogger log, string kind, string problem);

    /// <summary>Sets the JSON that the next write stores.</summary>
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

    /// <summary>Frees the JSON after it was read or written.</summary>
    internal void Release() => Bytes = null;
}
