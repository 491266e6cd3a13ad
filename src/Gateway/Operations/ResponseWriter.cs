using System.IO.Pipelines;

namespace Counter.Gateway.Operations;

/// <summary>
/// Splits each write into slices. The server copies each slice, and waits for the client only between slices. Over HTTP/2 it tracks how much was
/// sent.
/// </summary>
internal sealed class ResponseWriter(PipeWriter server, HttpContext context, UnreadResponses unread) : PipeWriter
{
    // Each slice has a deadline, also where many responses share a slow connection.
    private const int SliceBytes = 4 * 1024;

    private readonly Lock gate = new();
    private long unsent;
    private bool isEnded;
    private TaskCompletionSource<FlushResult>? sent;

    public override bool CanGetUnflushedBytes => server.CanGetUnflushedBytes;

    public override long UnflushedBytes => server.UnflushedBytes;

    public override async ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        for (; source.Length > SliceBytes; source = source[SliceBytes..])
        {
            var taken = await WriteSliceAsync(source[..SliceBytes], source.Length, cancellationToken);
            if (taken.IsCompleted || taken.IsCanceled)
            {
                return taken;
            }
        }

        return await WriteSliceAsync(source, source.Length, cancellationToken);
    }

    public override void Advance(int bytes)
    {
        Add(bytes);
        server.Advance(bytes);
    }

    public override void CancelPendingFlush() => server.CancelPendingFlush();

    public override void Complete(Exception? exception = null) => server.Complete(exception);

    public override ValueTask CompleteAsync(Exception? exception = null) => server.CompleteAsync(exception);

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        var bytes = (int)server.UnflushedBytes;
        return Wait(server.FlushAsync(cancellationToken), bytes);
    }

    public override Memory<byte> GetMemory(int sizeHint = 0) => server.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => server.GetSpan(sizeHint);

    /// <summary>Records that the connection has sent these bytes.</summary>
    public void Leave(int bytes)
    {
        lock (gate)
        {
            unsent -= bytes;
            if (unsent == 0)
            {
                sent?.TrySetResult(default);
            }
        }
    }

    /// <summary>Records that the connection sends nothing more of the response.</summary>
    public void End()
    {
        lock (gate)
        {
            isEnded = true;
            sent?.TrySetResult(default);
        }
    }

    /// <summary>Waits until the whole response was sent, or nothing more will be. The client has a deadline.</summary>
    /// <remarks>
    /// <c>RequestAborted</c> does not fire for a client that leaves after everything was written. A client that resets the stream then is waited
    /// for until its deadline.
    /// </remarks>
    public async Task WaitUntilSentAsync()
    {
        // Bytes that were written after the client left are never sent. The flush reports that.
        if (Unsent() == 0 || (await FlushAsync()).IsCompleted)
        {
            return;
        }

        TaskCompletionSource<FlushResult> waiting;
        long rest;
        lock (gate)
        {
            rest = Unsent();
            sent = waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        if (rest > 0)
        {
            await unread.WaitAsync(context, new ValueTask<FlushResult>(waiting.Task), (int)rest);
        }
    }

    private void Add(int bytes)
    {
        lock (gate)
        {
            unsent += bytes;
        }
    }

    private long Unsent()
    {
        lock (gate)
        {
            return isEnded ? 0 : unsent;
        }
    }

    private ValueTask<FlushResult> WriteSliceAsync(ReadOnlyMemory<byte> slice, int rest, CancellationToken cancellationToken)
    {
        Add(slice.Length);
        return Wait(server.WriteAsync(slice, cancellationToken), rest);
    }

    private ValueTask<FlushResult> Wait(ValueTask<FlushResult> writing, int bytes) =>
        writing.IsCompleted ? writing : unread.WaitAsync(context, writing, bytes);
}
