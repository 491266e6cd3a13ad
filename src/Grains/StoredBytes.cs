using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Counter.Grains;

/// <summary>
/// What a grain stores: JSON, compressed. The JSON is the counter logic's own, so what is stored does not depend on how Orleans or a
/// storage provider writes things down.
/// </summary>
[GenerateSerializer, Alias("counter.StoredBytes")]
public sealed class StoredBytes
{
    /// <summary>The only format there is.</summary>
    public const int Known = 1;

    /// <summary>The version of the format; 0 when nothing is stored.</summary>
    [Id(0)]
    public int Format { get; set; }

    /// <summary>The compressed JSON.</summary>
    [Id(1)]
    public byte[]? Bytes { get; set; }

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
