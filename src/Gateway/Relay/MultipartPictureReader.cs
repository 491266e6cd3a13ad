using System.Buffers;
using System.Globalization;
using System.Text;

namespace Counter.Gateway.Relay;

/// <summary>Reads the pictures of a <c>multipart/x-mixed-replace</c> body.</summary>
/// <remarks>
/// ffmpeg 5.1 (<c>-f mpjpeg -method POST</c>) sends neither a Content-Type nor the boundary. Its body begins with <c>--ffmpeg</c>, each part
/// has a Content-length, the next boundary line follows each picture at once, and the body ends after a boundary. So the boundary is read
/// from the first line. Cameras may or may not put dashes before the boundary in the header. They begin with the headers of a part (Tasmota),
/// end lines with LF alone or not at all, send wrong lengths, and send empty parts in between (go2rtc). This reader accepts all of that.
/// A part with a length is complete with its last byte, a part without one at the next boundary.
/// </remarks>
/// <param name="body">The body.</param>
/// <param name="boundary">The boundary in the Content-Type; null when it has none.</param>
internal sealed class MultipartPictureReader(Publisher body, string? boundary)
{
    private const int LongestLine = 1024;
    private const int LongestPreamble = 65_536;
    private const int LongestBoundary = 72;
    private const int MostHeaders = 32;

    private string? delimiter;
    private byte[] delimiterBytes = [];

    // The first header of a part without a boundary line before it.
    private string? firstHeader;

    // A camera that sends one wrong length sends more. From then on a picture ends at the next boundary.
    private bool lengthsAreWrong;

    /// <summary>Reads the next picture.</summary>
    /// <param name="mostBytes">The most bytes of the picture.</param>
    /// <returns>Null at the end of the body.</returns>
    /// <exception cref="PublishException">The picture is too large, or the body is not multipart.</exception>
    /// <exception cref="OperationCanceledException">The publisher was ended or has left.</exception>
    public async ValueTask<byte[]?> ReadAsync(int mostBytes)
    {
        while (await ReachPartAsync(mostBytes))
        {
            if (await ReadHeadersAsync() is not { } part)
            {
                return null;
            }

            var file = part.Length is > 0 and var length && !lengthsAreWrong
                ? Cut(await PictureBody.ReadAsync(body, length, mostBytes))
                : part.Length == 0 ? [] : await PictureBody.ReadUntilAsync(body, delimiterBytes, mostBytes);

            // Some cameras send an empty part or a line of text to keep the connection alive. A form has other fields.
            if (file.Length > 0 && !part.IsText)
            {
                return file;
            }
        }

        return null;
    }

    /// <summary>Reads the headers of a part; null at the end of the body.</summary>
    private async ValueTask<(long? Length, bool IsText)?> ReadHeadersAsync()
    {
        long? length = null;
        var (isText, isField, hasType) = (false, false, false);
        for (var headers = 0; ; headers++)
        {
            var line = firstHeader ?? await ReadLineAsync(inside: headers > 0);
            firstHeader = null;
            if (line is null && headers == 0)
            {
                return null;
            }

            if (line is null || headers > MostHeaders)
            {
                throw PublishException.Broken(line is null ? "The body ends inside a part's header." : "A part has too many headers.");
            }

            if (line.Length == 0)
            {
                return (length, isText || (isField && !hasType));
            }

            if (ValueOf(line, "Content-Length") is { } digits)
            {
                length = LengthOf(digits) ?? length;
            }
            else if (ValueOf(line, "Content-Type") is { } type)
            {
                hasType = true;
                isText = type.StartsWith("text/", StringComparison.OrdinalIgnoreCase);
            }
            else if (ValueOf(line, "Content-Disposition") is { } disposition)
            {
                isField = disposition.StartsWith("form-data", StringComparison.OrdinalIgnoreCase) && !disposition.Contains("filename", StringComparison.OrdinalIgnoreCase);
            }
        }
    }

    /// <summary>Cuts the picture at the next boundary, for a length that reaches into the next part.</summary>
    private byte[] Cut(byte[] file)
    {
        if (delimiterBytes.Length == 0 || file.AsSpan().IndexOf(delimiterBytes) is not (>= 0 and var end))
        {
            return file;
        }

        // The next part is lost, because some of its bytes were read. The part after it is found by its boundary.
        lengthsAreWrong = true;
        return file[..end];
    }

    /// <summary>Reads to the end of the next boundary line; false when it was the last.</summary>
    private ValueTask<bool> ReachPartAsync(int mostBytes) => delimiter is null ? ReachFirstPartAsync() : ReachNextPartAsync(mostBytes);

    private async ValueTask<bool> ReachFirstPartAsync()
    {
        for (var passed = 0; passed <= LongestPreamble;)
        {
            var line = await ReadLineAsync(inside: false);
            if (line is null)
            {
                break;
            }

            if (IsDelimiter(line))
            {
                Delimit(line);
                return true;
            }

            if (boundary is not null && line.StartsWith("Content-", StringComparison.OrdinalIgnoreCase))
            {
                Delimit(boundary.StartsWith("--", StringComparison.Ordinal) ? boundary : "--" + boundary);
                firstHeader = line;
                return true;
            }

            // Text for people may come before the first part.
            if (line.Length > 0 && boundary is null)
            {
                break;
            }

            passed += line.Length + 2;
        }

        throw PublishException.Broken(
            "POST takes a multipart/x-mixed-replace body, whose first line is a boundary such as --ffmpeg. A single picture is published with PUT.");
    }

    private async ValueTask<bool> ReachNextPartAsync(int mostBytes)
    {
        while (true)
        {
            // Only the end of a line is between two parts. Anything else belongs to a picture with a wrong length.
            var between = await PictureBody.ReadUntilAsync(body, delimiterBytes, mostBytes, inside: false);
            lengthsAreWrong |= between.AsSpan().ContainsAnyExcept((byte)'\r', (byte)'\n');
            if (await ReadLineAsync(inside: false) is not { } line)
            {
                return false;
            }

            var rest = line.AsSpan(delimiter!.Length);
            if (rest.IsEmpty || rest is "--")
            {
                return rest.IsEmpty;
            }
        }
    }

    private void Delimit(string line) => (delimiter, delimiterBytes) = (line, Encoding.Latin1.GetBytes(line));

    private bool IsDelimiter(string line) => boundary is null
        ? line.Length is > 2 and <= LongestBoundary && line.StartsWith("--", StringComparison.Ordinal)
        : line == "--" + boundary || line == boundary && boundary.StartsWith("--", StringComparison.Ordinal);

    private static string? ValueOf(string header, string name) =>
        header.StartsWith(name, StringComparison.OrdinalIgnoreCase) && header.AsSpan(name.Length).TrimStart() is [':', ..] ? header[(header.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim() : null;

    /// <summary>Parses a length, which may have a unit; null when it is not a length.</summary>
    private static long? LengthOf(string value)
    {
        var digits = value.AsSpan(0, value.AsSpan().IndexOfAnyExceptInRange('0', '9') is >= 0 and var end ? end : value.Length);
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var length) ? length : null;
    }

    /// <summary>Reads a line, without its end and the blanks before the end; null at the end of the body.</summary>
    private async ValueTask<string?> ReadLineAsync(bool inside)
    {
        while (true)
        {
            var read = await body.ReadAsync(inside);
            if (read.Buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = read.Buffer.Slice(0, end);
                var text = line.Length <= LongestLine ? Encoding.Latin1.GetString(line).TrimEnd() : null;
                var next = read.Buffer.GetPosition(1, end);
                body.Advance(next, next);
                return text ?? throw PublishException.Broken("A line between two pictures is too long.");
            }

            var length = read.Buffer.Length;
            body.Advance(read.Buffer.Start, read.Buffer.End);
            if (read.IsCompleted)
            {
                // A client may leave out the line end after its very last boundary.
                return null;
            }

            if (length > LongestLine)
            {
                throw PublishException.Broken("A line between two pictures is too long.");
            }

            inside |= length > 0;
        }
    }
}
