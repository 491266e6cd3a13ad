using System.Buffers.Binary;
using System.IO.Pipelines;

namespace Counter.Gateway.Operations;

/// <summary>Tracks the frames that an HTTP/2 connection sends (RFC 9113, 4.1), so that each response knows how much of it was sent.</summary>
/// <remarks>
/// The server reports the last 4 kB of a response as sent when they are written, and does not report when the client takes them. It keeps them
/// until then.
/// </remarks>
internal sealed class Http2SentFrames(PipeWriter connection) : PipeWriter
{
    private const int HeadLength = 9;
    private const byte Data = 0;
    private const byte ResetStream = 3;

    private readonly byte[] head = new byte[HeadLength];
    private readonly Dictionary<int, ResponseWriter> answers = [];
    private bool isClosed;
    private Memory<byte> given;
    private int headRead;
    private int payloadLeft;

    public override bool CanGetUnflushedBytes => connection.CanGetUnflushedBytes;

    public override long UnflushedBytes => connection.UnflushedBytes;

    /// <summary>Notifies a response of the bytes that are sent from now on, and of its end.</summary>
    public void Add(int stream, ResponseWriter answer)
    {
        lock (answers)
        {
            answers[stream] = answer;
            if (isClosed)
            {
                answer.End();
            }
        }
    }

    /// <summary>Stops notifying a response.</summary>
    public void Remove(int stream)
    {
        lock (answers)
        {
            answers.Remove(stream);
        }
    }

    /// <summary>Ends all responses, because the connection is closed.</summary>
    public void Close()
    {
        lock (answers)
        {
            isClosed = true;
            foreach (var answer in answers.Values)
            {
                answer.End();
            }
        }
    }

    public override Memory<byte> GetMemory(int sizeHint = 0) => given = connection.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override void Advance(int bytes)
    {
        Read(given.Span[..bytes]);
        given = given[bytes..];
        connection.Advance(bytes);
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => connection.FlushAsync(cancellationToken);

    public override void CancelPendingFlush() => connection.CancelPendingFlush();

    public override void Complete(Exception? exception = null) => connection.Complete(exception);

    public override ValueTask CompleteAsync(Exception? exception = null) => connection.CompleteAsync(exception);

    private void Read(ReadOnlySpan<byte> written)
    {
        while (written.Length > 0)
        {
            var skipped = Math.Min(payloadLeft, written.Length);
            payloadLeft -= skipped;
            written = written[skipped..];
            var part = Math.Min(HeadLength - headRead, written.Length);
            written[..part].CopyTo(head.AsSpan(headRead));
            headRead += part;
            written = written[part..];
            if (headRead == HeadLength)
            {
                headRead = 0;
                payloadLeft = BinaryPrimitives.ReadInt32BigEndian(head) >>> 8;
                Leave(head[3], BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(5)), payloadLeft);
            }
        }
    }

    private void Leave(byte type, int stream, int bytes)
    {
        if (type is not (Data or ResetStream))
        {
            return;
        }

        lock (answers)
        {
            if (!answers.TryGetValue(stream, out var answer))
            {
                return;
            }

            if (type == ResetStream)
            {
                answer.End();
            }
            else
            {
                answer.Leave(bytes);
            }
        }
    }
}
