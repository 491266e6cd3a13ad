using System.Buffers.Binary;

namespace Counter.Gateway.Frames;

/// <summary>
/// Encodes a PNG: with a palette for at most 256 colours, else in true colour with alpha. Chunks follow the PNG specification
/// (https://www.w3.org/TR/png-3/).
/// </summary>
internal static class PngEncoder
{
    // Colour types. Every picture has samples of eight bits.
    private const byte Indexed = 3;
    private const byte TrueColorWithAlpha = 6;
    private static readonly byte[] Signature = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    public static byte[] Encode(ReadOnlySpan<Rgba> pixels, FrameSize size)
    {
        var palette = FindPalette(pixels);
        if (palette is null)
        {
            byte[] colors = new byte[pixels.Length * 4];
            for (int i = 0; i < pixels.Length; i++)
            {
                var pixel = pixels[i];
                (colors[4 * i], colors[4 * i + 1], colors[4 * i + 2], colors[4 * i + 3]) = (pixel.R, pixel.G, pixel.B, pixel.A);
            }

            return Write(size, TrueColorWithAlpha, [], PngCompressor.Deflate(colors, size.Width * 4));
        }

        byte[] indices = new byte[pixels.Length];
        for (int i = 0; i < pixels.Length; i++)
        {
            indices[i] = palette[pixels[i]];
        }

        return Write(size, Indexed, [.. palette.Keys], PngCompressor.Deflate(indices, size.Width));
    }

    /// <summary>
    /// Returns the colours in the order of the palette, or null when there are too many. Transparent colours come first, because
    /// <c>tRNS</c> may stop where all following colours are opaque.
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

    private static byte[] Write(FrameSize size, byte colorType, Rgba[] palette, byte[] data)
    {
        using var file = new MemoryStream();
        file.Write(Signature);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, size.Width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], size.Height);
        header[8] = 8;
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
