using System.Diagnostics;
using System.Globalization;

namespace Counter.Load;

/// <summary>Different test pictures of 640 x 480 pixels, made with ffmpeg.</summary>
internal static class TestPictures
{
    private static readonly byte[] Start = [0xFF, 0xD8, 0xFF];

    /// <exception cref="InvalidOperationException">ffmpeg is not installed, or made another number of pictures.</exception>
    public static async Task<byte[][]> MakeAsync(int framesPerSecond, int count, CancellationToken cancellationToken)
    {
        var arguments = string.Create(
            CultureInfo.InvariantCulture,
            $"-nostdin -loglevel error -f lavfi -i testsrc=size=640x480:rate={framesPerSecond} -frames:v {count} -q:v 3 -f image2pipe -c:v mjpeg -");
        using var ffmpeg = Process.Start(new ProcessStartInfo("ffmpeg", arguments) { RedirectStandardOutput = true })!;
        using var all = new MemoryStream();
        await ffmpeg.StandardOutput.BaseStream.CopyToAsync(all, cancellationToken);
        var pictures = Split(all.ToArray()).ToArray();
        return pictures.Length == count ? pictures : throw new InvalidOperationException($"ffmpeg made {pictures.Length} pictures.");
    }

    private static IEnumerable<byte[]> Split(byte[] all)
    {
        for (int from = 0, to; from < all.Length; from = to)
        {
            var next = all.AsSpan(from + 1).IndexOf(Start);
            to = next < 0 ? all.Length : from + 1 + next;
            yield return all[from..to];
        }
    }
}
