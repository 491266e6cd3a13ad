using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging;

namespace Counter.Grains;

/// <summary>
/// What a grain stores: JSON, compressed. The JSON is the counter logic's own, so what is stored does not depend on how Orleans or a
/// storage provider writes things down.
/// </summary>
[GenerateSerializer, Alias("counter.StoredBytes")]
public sealed partial class StoredBytes
{
    /// <summary>The only format there is.</summary>
    public const int Known = 1;

    /// <summary>The version of the format; 0 when nothing is stored.</summary>
    [Id(0)]
    public int Format { get; set; }

    /// <summary>The compressed JSON.</summary>
    [Id(1)]
    public byte[]? Bytes { get; set; }

    /// <summary>The activation that wrote it, as <see cref="StoreWriting.NextWriter"/> numbers them; 0 when nothing is stored.</summary>
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

        if (Format != Known)
        {
            throw new InvalidDataException($"What is stored has the format {Format}; this program reads {Known}.");
        }

        using var gzip = new GZipStream(new MemoryStream(Bytes), CompressionMode.Decompress);
        return JsonSerializer.Deserialize(gzip, type) ?? throw new InvalidDataException("What is stored says nothing.");
    }

    /// <summary>
    /// Makes something of what is stored; null when nothing is, and when it is damaged. A grain that could not begin would hold up
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
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A {Kind} in the store is damaged ({Problem}); its past is lost and it begins anew.")]
    private static partial void LogDamaged(ILogger log, string kind, string problem);

    /// <summary>Replaces what is stored.</summary>
    internal void Write<T>(T value, JsonTypeInfo<T> type)
    {
        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionLevel.Fastest, leaveOpen: true))
        {
            JsonSerializer.Serialize(gzip, value, type);
        }

        (Format, Bytes) = (Known, memory.ToArray());
    }
}
