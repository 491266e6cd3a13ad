using System.Buffers;
using System.IO.Pipelines;

namespace Counter.Gateway.Operations;

/// <summary>The output of a connection, with one rented buffer for what is not flushed. An idle connection has none.</summary>
/// <remarks>
/// The server writes to an output from one thread at a time, and not before a flush that waits has ended. What is not flushed when the connection
/// ends is not sent.
/// </remarks>
internal abstract class BufferedOutput : PipeWriter
{
    private const int LeastBytes = 4096;

    private byte[]? buffer;
    private int unflushed;

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => unflushed;

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        sizeHint = Math.Max(sizeHint, 1);
        if (buffer is null)
        {
            buffer = ArrayPool<byte>.Shared.Rent(Math.Max(LeastBytes, sizeHint));
        }
        else if (buffer.Length - unflushed < sizeHint)
        {
            Grow(ref buffer, unflushed, sizeHint);
        }

        return buffer.AsMemory(unflushed);
    }

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override void Advance(int bytes)
    {
        OnWritten(buffer.AsSpan(unflushed, bytes));
        unflushed += bytes;
    }

    public override void Complete(Exception? exception = null) => Take().Return();

    public override void CancelPendingFlush()
    {
        // A flush that waits for the client ends when the connection does. The server aborts connections, and cancels no flush.
    }

    /// <summary>Called for bytes that were written and are not flushed yet.</summary>
    protected virtual void OnWritten(ReadOnlySpan<byte> bytes)
    {
    }

    /// <summary>Takes what is not flushed. The caller returns the buffer.</summary>
    protected Rented Take()
    {
        // Without bytes the server may still have the memory that it asked for.
        if (unflushed == 0)
        {
            return new Rented([], 0);
        }

        var taken = new Rented(buffer!, unflushed);
        (buffer, unflushed) = (null, 0);
        return taken;
    }

    private static void Grow(ref byte[] buffer, int used, int more)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(2 * buffer.Length, used + more));
        buffer.AsSpan(0, used).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }

    /// <summary>Bytes in a rented buffer.</summary>
    protected struct Rented(byte[] buffer, int length)
    {
        private byte[] buffer = buffer;

        /// <summary>The number of bytes.</summary>
        public int Length { get; private set; } = length;

        /// <summary>The bytes.</summary>
        public readonly ReadOnlyMemory<byte> Bytes => buffer.AsMemory(0, Length);

        /// <summary>Appends other bytes, and returns their buffer.</summary>
        public void Append(Rented other)
        {
            if (Length == 0)
            {
                this = other;
                return;
            }

            if (buffer.Length - Length < other.Length)
            {
                Grow(ref buffer, Length, other.Length);
            }

            other.Bytes.Span.CopyTo(buffer.AsSpan(Length));
            Length += other.Length;
            other.Return();
        }

        /// <summary>Returns the buffer. Nothing may use the bytes any more.</summary>
        public readonly void Return()
        {
            if (buffer.Length > 0)
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }
}
