using System.Buffers;
using System.Globalization;
using System.Text;

namespace Counter.Gateway.Relay;

/// <summary>Takes the pictures out of a <c>multipart/x-mixed-replace</c> body.</summary>
/// <remarks>
/// ffmpeg 5.1 (<c>-f mpjpeg -method POST</c>) says neither a Content-Type nor the boundary; its body begins with <c>--ffmpeg</c>,
/// each part has a Content-length, the next boundary line follows each picture at once, and the body ends after one. So the boundary
/// is read from the first line. Cameras put dashes in front of the boundary in the header or do not; both are understood. A part
/// with a length is complete with its last byte, one without when the next boundary comes.
/// </remarks>
/// <param name="body">The body.</param>
/// <param name="boundary">The boundary that the Content-Type names; null when it names none.</param>
internal sealed class PartReader(Publisher body, string? boundary)
{
    private const int LongestLine = 1024;
    private const int LongestPreamble = 65_536;
    private const int LongestBoundary = 72;
    private const int MostHeaders = 32;

    private string? delimiter;

    /// <summary>Reads the next picture.</summary>
    /// <param name="mostBytes">How large it may be.</param>
    /// <returns>Null at the end.</returns>
    /// <exception cref="PublishException">It is too large, or this is no multipart body.</exception>
    /// <exception cref="OperationCanceledException">The publisher was ended or is gone.</exception>
    public async ValueTask<byte[]?> ReadAsync(int mostBytes)
    {
        if (!await ReachPartAsync())
        {
            return null;
        }

        long? length = null;
        for (var headers = 0; ; headers++)
        {
            var line = await ReadLineAsync(inside: headers > 0);
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
                break;
            }

            length = LengthOf(line) ?? length;
        }

        return length is { } known
            ? await PictureBody.ReadAsync(body, known, mostBytes)
            : await PictureBody.ReadUntilAsync(body, Encoding.Latin1.GetBytes("\r\n" + delimiter), mostBytes);
    }

    /// <summary>Reads up to and including the next boundary line; false when it was the last.</summary>
    private async ValueTask<bool> ReachPartAsync()
    {
        for (var passed = 0; passed <= LongestPreamble;)
        {
            var line = await ReadLineAsync(inside: false);
            if (line is null)
            {
                if (delimiter is null)
                {
                    break;
                }

                return false;
            }

            if (delimiter is null && IsDelimiter(line))
            {
                delimiter = line;
                return true;
            }

            if (delimiter is not null && line.StartsWith(delimiter, StringComparison.Ordinal))
            {
                var rest = line.AsSpan(delimiter.Length);
                if (rest.IsEmpty || rest is "--")
                {
                    return rest.IsEmpty;
                }
            }

            // Before the first part there may be text for people; between parts there is only the end of a line.
            if (line.Length > 0 && (delimiter is not null || boundary is null))
            {
                break;
            }

            passed += line.Length + 2;
        }

        throw PublishException.Broken(delimiter is null
            ? "POST takes a multipart/x-mixed-replace body, whose first line is a boundary such as --ffmpeg. A single picture is published with PUT."
            : "A part is not followed by a boundary line: its Content-Length may be wrong.");
    }

    private bool IsDelimiter(string line) => boundary is null
        ? line.Length is > 2 and <= LongestBoundary && line.StartsWith("--", StringComparison.Ordinal)
        : line == "--" + boundary || line == boundary && boundary.StartsWith("--", StringComparison.Ordinal);

    private static long? LengthOf(string header)
    {
        const string Name = "Content-Length:";
        if (!header.StartsWith(Name, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        return long.TryParse(header.AsSpan(Name.Length).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            ? length
            : throw PublishException.Broken("The Content-Length of a part is not a number.");
    }

    /// <summary>Reads a line, without its end and what blanks precede that; null at the end of the body.</summary>
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
