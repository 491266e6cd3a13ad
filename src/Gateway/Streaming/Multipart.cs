using System.Buffers;
using System.Globalization;
using System.Text;
using Counter.Gateway.Frames;

namespace Counter.Gateway.Streaming;

/// <summary>Which bytes go around a frame.</summary>
internal enum WireProfile
{
    /// <summary>For browsers: a preamble once, and the next part's header travels with each frame.</summary>
    Browser,

    /// <summary>For players and scripts: classic parts with <c>Content-Length</c>.</summary>
    Tool,
}

/// <summary>The bytes of <c>multipart/x-mixed-replace</c>, as measured in Chromium 156, Firefox 153 and WebKitGTK 2.50.</summary>
/// <remarks>
/// Blink paints a part only after the next part's whole header block, and ignores Content-Length; Gecko finishes a part at its
/// boundary. So each frame is followed at once by the boundary and the header of the next one. Chromium looks at the first
/// 1,024 bytes of a picture from another origin before it lets any of them through (opaque response blocking, measured: after 512 bytes
/// and a frame of 417 nothing was shown), and WebKit's sniffer waits for 512 bytes before the first boundary; hence the preamble. An empty part breaks the image in Chromium for good, so the part
/// that is open at the end is filled with a last frame and then closed.
/// ffmpeg's <c>mpjpeg</c> demuxer refuses a preamble, so tools get the classic form.
/// </remarks>
internal static class Multipart
{
    /// <summary>The boundary token; it goes plain, without dashes, into the response's header.</summary>
    public const string Boundary = "counter-frame";

    /// <summary>The response's <c>Content-Type</c>.</summary>
    public const string ContentType = "multipart/x-mixed-replace; boundary=" + Boundary;

    private const int ChromiumLooksAt = 1024;
    private const int WebKitLooksAt = 512;

    private static readonly byte[] Preamble = MakePreamble();

    /// <summary>Writes what comes before the first frame.</summary>
    public static void Begin(IBufferWriter<byte> output, WireProfile profile, Frame first)
    {
        if (profile == WireProfile.Browser)
        {
            output.Write(Preamble.AsSpan(0, Math.Clamp(ChromiumLooksAt - first.Image.Length, WebKitLooksAt, ChromiumLooksAt)));
            Ascii(output, "\r\n--" + Boundary + "\r\nContent-Type: " + first.ContentType + "\r\n\r\n");
        }
    }

    /// <summary>Writes one frame; the last one closes the body.</summary>
    public static void Write(IBufferWriter<byte> output, WireProfile profile, Frame frame, bool last)
    {
        Before(output, profile, frame);
        output.Write(frame.Image.Span);
        After(output, profile, frame, last);
    }

    /// <summary>Writes what comes before a frame's own bytes.</summary>
    public static void Before(IBufferWriter<byte> output, WireProfile profile, Frame frame)
    {
        if (profile == WireProfile.Tool)
        {
            Ascii(output, string.Create(
                CultureInfo.InvariantCulture,
                $"--{Boundary}\r\nContent-Type: {frame.ContentType}\r\nContent-Length: {frame.Image.Length}\r\n\r\n"));
        }
    }

    /// <summary>Writes what comes after a frame's own bytes.</summary>
    public static void After(IBufferWriter<byte> output, WireProfile profile, Frame frame, bool last) => Ascii(
        output,
        last ? "\r\n--" + Boundary + "--\r\n"
        : profile == WireProfile.Tool ? "\r\n"
        : "\r\n--" + Boundary + "\r\nContent-Type: " + frame.ContentType + "\r\n\r\n");

    /// <summary>A frame for browsers, not the last, as one chunk of a chunked HTTP/1.1 body.</summary>
    public static byte[] Chunk(Frame frame)
    {
        var part = new ArrayBufferWriter<byte>(frame.Image.Length + 100);
        Write(part, WireProfile.Browser, frame, last: false);
        var chunk = new ArrayBufferWriter<byte>(part.WrittenCount + 16);
        Ascii(chunk, string.Create(CultureInfo.InvariantCulture, $"{part.WrittenCount:x}\r\n"));
        chunk.Write(part.WrittenSpan);
        Ascii(chunk, "\r\n");
        return chunk.WrittenSpan.ToArray();
    }

    private static void Ascii(IBufferWriter<byte> output, string text) => Encoding.ASCII.GetBytes(text, output);

    private static byte[] MakePreamble()
    {
        const string Line = "This is a live picture: each part replaces the one before it.\r\n";
        var text = string.Concat(Enumerable.Repeat(Line, ChromiumLooksAt / Line.Length + 1));
        return Encoding.ASCII.GetBytes(text[..ChromiumLooksAt]);
    }
}
