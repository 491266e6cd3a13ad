using System.Globalization;
using System.Text;
using Counter.Gateway.Frames;
using Counter.Gateway.Frames.Parts;

namespace Counter.Gateway.Streaming;

/// <summary>The bytes around a frame.</summary>
internal enum WireProfile
{
    /// <summary>For browsers: one preamble, and the header of the next part after each frame.</summary>
    Browser,

    /// <summary>For players and scripts: classic parts with <c>Content-Length</c>.</summary>
    Tool,

    /// <summary>As <see cref="Browser"/>, as one gzip member. For Chromium: a megabyte of padding becomes a kilobyte on the wire.</summary>
    Gzip,
}

/// <summary>The bytes of <c>multipart/x-mixed-replace</c>, as measured in Chromium 156, Firefox 153 and WebKitGTK 2.50.</summary>
/// <remarks>
/// Blink paints a part only after the whole header block of the next part, and ignores Content-Length. Gecko finishes a part at its boundary. So
/// the boundary and the header of the next part follow each frame at once. Chromium inspects the first 1,024 bytes of a picture from another
/// origin before it lets any of them through (opaque response blocking, measured: after 512 bytes and a frame of 417 nothing was shown).
/// WebKit's sniffer waits for 512 bytes before the first boundary. The preamble supplies these bytes. An empty part breaks the image in Chromium
/// for good, so a last frame fills the part that is open at the end. ffmpeg's <c>mpjpeg</c> demuxer rejects a preamble, so tools get the classic
/// form.
/// Padding is spaces between the picture and the boundary. The decoder has finished by then, whatever the format. Measured per probe in
/// Chromium's renderer: 3 to 4 ms after a PNG or JPEG (with zeros), some 15 after an SVG. After the boundary token it is 11 to 14 ms for all,
/// and Firefox and WebKit break on it. Zeros instead of spaces blank an SVG for good.
/// </remarks>
internal static class Multipart
{
    /// <summary>The boundary token. The response header has it plain, without dashes.</summary>
    public const string Boundary = "counter-frame";

    /// <summary>The response's <c>Content-Type</c>.</summary>
    public const string ContentType = "multipart/x-mixed-replace; boundary=" + Boundary;

    /// <summary>The same for scripts. WebKitGTK 2.50 gives scripts no body of type multipart (measured).</summary>
    public const string Bytes = "application/octet-stream";

    private const int ChromiumLooksAt = 1024;
    private const int WebKitLooksAt = 512;

    private const string Delimiter = "\r\n--" + Boundary;

    private static readonly byte[] Preamble = MakePreamble();
    private static readonly CodedBytes GzipBeginning = MakeGzipBeginning();
    private static readonly byte[] LastDelimiter = Ascii(Delimiter + "--\r\n");
    private static readonly CodedBytes GzipEnding = CodedBytes.Stored(LastDelimiter, final: true);
    private static readonly CodedBytes PlainEnding = CodedBytes.Plain(LastDelimiter);

    /// <summary>The bytes before the first frame.</summary>
    public static CodedBytes Begin(WireProfile profile, Frame first) => profile switch
    {
        WireProfile.Tool => CodedBytes.Plain(default),
        WireProfile.Gzip => GzipBeginning.Then(CodedBytes.Stored(Next(first))),
        _ => CodedBytes.Plain((byte[])
        [
            .. Preamble.AsSpan(0, Math.Clamp(ChromiumLooksAt - first.Image.Length, WebKitLooksAt, ChromiumLooksAt)),
            .. Next(first),
        ]),
    };

    /// <summary>A frame with the bytes around it. Its tail is the header of the next part.</summary>
    public static EncodedPart PartOf(Frame frame, WireProfile profile) =>
        frame.Encoded((int)profile, static (frame, form) => Encode(frame, (WireProfile)form));

    /// <summary>The same, if a stream has sent the frame before; otherwise null.</summary>
    public static EncodedPart? KeptPart(Frame frame, WireProfile profile) => frame.Kept((int)profile);

    /// <summary>The tail of the last frame.</summary>
    public static CodedBytes End(WireProfile profile) => profile == WireProfile.Gzip ? GzipEnding : PlainEnding;

    /// <summary>The tail of a compressed frame that is a probe.</summary>
    public static CodedBytes PaddedTail(Frame frame, CodedBytes spaces) => spaces.Then(CodedBytes.Stored(Next(frame)));

    private static EncodedPart Encode(Frame frame, WireProfile profile) => profile switch
    {
        WireProfile.Tool => new EncodedPart(
            CodedBytes.Plain((byte[])
            [
                .. Ascii(string.Create(
                    CultureInfo.InvariantCulture,
                    $"--{Boundary}\r\nContent-Type: {frame.ContentType}\r\nContent-Length: {frame.Image.Length}\r\n\r\n")),
                .. frame.Image.Span,
            ]),
            CodedBytes.Plain("\r\n"u8.ToArray())),
        WireProfile.Gzip => new EncodedPart(Compress(frame), CodedBytes.Stored(Next(frame))),
        _ => new EncodedPart(CodedBytes.Plain(frame.Image), CodedBytes.Plain(Next(frame))),
    };

    /// <summary>Compresses SVG only. Pixel formats are compressed already.</summary>
    private static CodedBytes Compress(Frame frame) => frame.ContentType == ImageFormat.Svg.MediaType
        ? CodedBytes.Compressed(frame.Image.Span)
        : CodedBytes.Stored(frame.Image.Span);

    private static byte[] Next(Frame frame) => Ascii(Delimiter + "\r\nContent-Type: " + frame.ContentType + "\r\n\r\n");

    /// <summary>Whether a script reads the bytes of a live picture itself.</summary>
    public static bool IsAskedForBytes(HttpRequest request) =>
        request.Headers.Accept.ToString().Contains(Bytes, StringComparison.OrdinalIgnoreCase);

    private static byte[] Ascii(string text) => Encoding.ASCII.GetBytes(text);

    private static CodedBytes MakeGzipBeginning()
    {
        var beginning = CodedBytes.Compressed(Preamble);
        return beginning with { Bytes = (byte[])[.. GzipMember.Header, .. beginning.Bytes.Span] };
    }

    private static byte[] MakePreamble()
    {
        const string Line = "This is a live picture: each part replaces the one before it.\r\n";
        var text = string.Concat(Enumerable.Repeat(Line, ChromiumLooksAt / Line.Length + 1));
        return Ascii(text[..ChromiumLooksAt]);
    }
}
