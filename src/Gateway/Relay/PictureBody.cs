using System.Buffers;

namespace Counter.Gateway.Relay;

/// <summary>Reads pictures from a request body. A picture is copied once, into the bytes that all watchers share.</summary>
internal static class PictureBody
{
    /// <summary>Reads a picture of a known length. It is complete with its last byte.</summary>
    /// <exception cref="PublishException">The picture is too large, or the body ends too early.</exception>
    public static async ValueTask<byte[]> ReadAsync(Publisher body, long length, int mostBytes)
    {
        if (length > mostBytes)
        {
            throw PublishException.TooLarge(mostBytes);
        }

        var file = new byte[length];
        for (var filled = 0; filled < file.Length;)
        {
            var read = await body.ReadAsync(inside: true);
            var part = read.Buffer.Slice(0, Math.Min(read.Buffer.Length, file.Length - filled));
            part.CopyTo(file.AsSpan(filled));
            filled += (int)part.Length;
            body.Advance(part.End, part.End);
            if (read.IsCompleted && part.IsEmpty)
            {
                throw PublishException.Broken($"The picture ended after {filled} of its {length} bytes.");
            }
        }

        return file;
    }

    /// <summary>Reads a picture up to a delimiter, which stays unread, or to the end of the body.</summary>
    /// <exception cref="PublishException">The picture is too large.</exception>
    public static async ValueTask<byte[]> ReadUntilAsync(Publisher body, byte[]? end, int mostBytes, bool inside = true)
    {
        long searched = 0;
        while (true)
        {
            var read = await body.ReadAsync(inside);
            var length = end is null ? -1 : Find(read.Buffer, end, ref searched);
            if (length < 0 && read.IsCompleted)
            {
                length = read.Buffer.Length;
            }

            if (length > mostBytes || length < 0 && read.Buffer.Length > mostBytes + (end?.Length ?? 0))
            {
                body.Advance(read.Buffer.End, read.Buffer.End);
                throw PublishException.TooLarge(mostBytes);
            }

            if (length >= 0)
            {
                var file = read.Buffer.Slice(0, length);
                var bytes = file.ToArray();
                body.Advance(file.End, file.End);
                return bytes;
            }

            body.Advance(read.Buffer.Start, read.Buffer.End);
        }
    }

    /// <summary>Finds a delimiter. It searches only the bytes that came since the last search.</summary>
    private static long Find(ReadOnlySequence<byte> buffer, byte[] wanted, ref long searched)
    {
        var from = Math.Max(0, searched - wanted.Length + 1);
        searched = buffer.Length;
        var rest = new SequenceReader<byte>(buffer.Slice(from));
        return rest.TryReadTo(out ReadOnlySequence<byte> before, wanted, advancePastDelimiter: false) ? from + before.Length : -1;
    }
}
