using System.Buffers.Binary;

namespace Counter.Gateway.Frames;

/// <summary>
/// Writes the smallest PNG of a few sensible ones: with a palette when there are at most 256 colours, else in true colour
/// with alpha. Chunks are those of the PNG specification (https://www.w3.org/TR/png-3/).
/// </summary>
internal static class PngEncoder
{
    private const byte Indexed = 3;
    private const byte TrueColorWithAlpha = 6;
    private static readonly byte[] Signature = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    public static byte[] Encode(ReadOnlySpan<Rgba> pixels, FrameSize size)
    {
        var palette = FindPalette(pixels);
        if (palette is null)
        {
            byte[] rows = new byte[pixels.Length * 4];
            for (int i = 0; i < pixels.Length; i++)
            {
                (rows[4 * i], rows[4 * i + 1], rows[4 * i + 2], rows[4 * i + 3]) = pixels[i];
            }

            byte[] colors = PngCompressor.Smallest(rows, size.Width * 4);
            return Write(size, 8, TrueColorWithAlpha, [], colors);
        }

        byte[] indices = new byte[pixels.Length];
        for (int i = 0; i < pixels.Length; i++)
        {
            indices[i] = palette[pixels[i]];
        }

        // Packed pixels are fewer bytes, but whole ones repeat more often: either can win.
        int depth = palette.Count switch { <= 2 => 1, <= 4 => 2, <= 16 => 4, _ => 8 };
        byte[] packed = PngCompressor.Smallest(Pack(indices, size, depth), (size.Width * depth + 7) / 8);
        byte[] whole = depth == 8 ? packed : PngCompressor.Smallest(indices, size.Width);
        return packed.Length <= whole.Length
            ? Write(size, depth, Indexed, [.. palette.Keys], packed)
            : Write(size, 8, Indexed, [.. palette.Keys], whole);
    }

    /// <summary>
    /// The colours in the order of the palette, or null when they are too many: the transparent ones first, because
    /// <c>tRNS</c> may stop where all that follow are opaque.
    /// </summary>
    private static OrderedDictionary<Rgba, byte>? FindPalette(ReadOnlySpan<Rgba> pixels)
    {
        var colors = new HashSet<Rgba>();
        foreach (var pixel in pixels)
        {
            if (colors.Add(pixel) && colors.Count > 256)
            {
                return null;
            }
        }

        var palette = new OrderedDictionary<Rgba, byte>(colors.Count);
        foreach (var color in colors.OrderBy(color => color.A).ThenBy(color => color.R + color.G + color.B))
        {
            palette.Add(color, (byte)palette.Count);
        }

        return palette;
    }

    private static byte[] Pack(byte[] indices, FrameSize size, int depth)
    {
        int stride = (size.Width * depth + 7) / 8;
        byte[] rows = new byte[stride * size.Height];
        for (int i = 0; i < indices.Length; i++)
        {
            int bit = i % size.Width * depth;
            rows[i / size.Width * stride + bit / 8] |= (byte)(indices[i] << 8 - depth - bit % 8);
        }

        return rows;
    }

    private static byte[] Write(
        FrameSize size, int depth, byte colorType, Rgba[] palette, byte[] data)
    {
        using var file = new MemoryStream();
        file.Write(Signature);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, size.Width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], size.Height);
        header[8] = (byte)depth;
        header[9] = colorType;
        header[10..].Clear();
        PngChunk.Write(file, "IHDR"u8, header);
        if (palette.Length > 0)
        {
            PngChunk.Write(file, "PLTE"u8, [.. palette.SelectMany(color => new[] { color.R, color.G, color.B })]);
        }

        byte[] alphas = [.. palette.Select(color => color.A).TakeWhile(alpha => alpha < 255)];
        if (alphas.Length > 0)
        {
            PngChunk.Write(file, "tRNS"u8, alphas);
        }

        PngChunk.Write(file, "IDAT"u8, data);
        PngChunk.Write(file, "IEND"u8, []);
        return file.ToArray();
    }
}
