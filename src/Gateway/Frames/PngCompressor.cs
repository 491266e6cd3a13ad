using System.IO.Compression;

namespace Counter.Gateway.Frames;

/// <summary>
/// Compresses the rows of a PNG in the way that is smallest for text. Measured on a hundred numbers in Latin and Cyrillic, on their tripled
/// size, and on emoji: no PNG filter beat "none", one byte for each pixel beat two pixels in one byte, and zlib's "filtered" strategy,
/// which leaves out the shortest matches, beat the default one.
/// </summary>
internal static class PngCompressor
{
    /// <summary>Above this many bytes time matters more than a twentieth of the size.</summary>
    private const int ManyBytes = 64 * 1024;

    public static byte[] Deflate(ReadOnlySpan<byte> pixels, int stride)
    {
        byte[] rows = new byte[pixels.Length + pixels.Length / stride];
        for (int from = 0, to = 1; from < pixels.Length; from += stride, to += stride + 1)
        {
            // The first byte of each row is its filter. Zero is none.
            pixels.Slice(from, stride).CopyTo(rows.AsSpan(to));
        }

        using var result = new MemoryStream();
        var options = new ZLibCompressionOptions
        {
            CompressionLevel = rows.Length > ManyBytes ? 6 : 9,
            CompressionStrategy = ZLibCompressionStrategy.Filtered,
        };
        using (var deflater = new ZLibStream(result, options))
        {
            deflater.Write(rows);
        }

        return result.ToArray();
    }
}
