using System.IO.Pipelines;

namespace Counter.Gateway.Operations;

/// <summary>
/// Gives what is written at once to the server in slices: it takes a copy of each, and waits for the client only between them. Over HTTP/2 it
/// knows how much has left.
/// </summary>
internal sealed class ResponseWriter(PipeWriter server, HttpContext context, UnreadResponses unread) : PipeWriter
{
    // Each has to be taken in time, also where many answers share a slow connection.
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

    /// <summary>So much of it leaves the connection.</summary>
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

    /// <summary>Nothing more of it will leave.</summary>
    public void End()
    {
        lock (gate)
        {
            isEnded = true;
            sent?.TrySetResult(default);
        }
    }

    /// <summary>Waits until all of it has left the connection, or nothing more will. The client has to take it in time.</summary>
    /// <remarks>
    /// <c>RequestAborted</c> does not say that the client is gone when everything is written. One that resets the stream then is waited for
    /// until it is late.
    /// </remarks>
    public async Task WaitUntilSentAsync()
    {
        // What was written once the client was gone does not leave either; this says so.
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
