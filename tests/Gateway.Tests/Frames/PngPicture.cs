using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Counter.Gateway.Frames;
using Xunit;

namespace Counter.Gateway.Tests.Frames;

/// <summary>A PNG read back: only what the encoder writes, eight bits in a sample and no filters.</summary>
internal sealed record PngPicture(int Width, int Height, IReadOnlyList<Rgba> Palette, IReadOnlyList<Rgba> Pixels)
{
    public IEnumerable<byte> Alphas => Pixels.Select(pixel => pixel.A).Distinct();

    public static PngPicture Decode(ReadOnlySpan<byte> file)
    {
        Assert.Equal([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], file[..8].ToArray());
        var chunks = new Dictionary<string, byte[]>();
        int at = 8;
        while (at < file.Length)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(file[at..]);
            chunks.Add(Encoding.ASCII.GetString(file.Slice(at + 4, 4)), file.Slice(at + 8, length).ToArray());
            at += length + 12;
        }

        Assert.Equal(file.Length, at);
        byte[] header = chunks["IHDR"];
        int width = BinaryPrimitives.ReadInt32BigEndian(header);
        int height = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4));
        Assert.Equal(8, header[8]);
        bool indexed = header[9] == 3;
        var palette = indexed ? ReadPalette(chunks["PLTE"], chunks.GetValueOrDefault("tRNS", [])) : [];

        using var inflater = new ZLibStream(new MemoryStream(chunks["IDAT"]), CompressionMode.Decompress);
        using var rows = new MemoryStream();
        inflater.CopyTo(rows);
        int stride = (indexed ? width : width * 4) + 1;
        Assert.Equal(stride * height, rows.Length);
        var pixels = rows.ToArray().Chunk(stride).SelectMany(row =>
        {
            Assert.Equal(0, row[0]);
            return indexed
                ? row.Skip(1).Select(index => palette[index])
                : row.Skip(1).Chunk(4).Select(p => new Rgba(p[0], p[1], p[2], p[3]));
        });
        return new PngPicture(width, height, palette, [.. pixels]);
    }

    private static Rgba[] ReadPalette(byte[] colors, byte[] alphas) =>
        [.. colors.Chunk(3).Select((c, i) => new Rgba(c[0], c[1], c[2], i < alphas.Length ? alphas[i] : (byte)255))];
}
