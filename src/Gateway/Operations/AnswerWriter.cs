using System.IO.Pipelines;

namespace Counter.Gateway.Operations;

/// <summary>Gives what is written at once to the server in slices: it takes a copy of each, and waits for the client only between them.</summary>
internal sealed class AnswerWriter(PipeWriter server, HttpContext context, UnreadAnswers unread) : PipeWriter
{
    // Each has to be taken in time, also where many answers share a slow connection.
    private const int SliceBytes = 4 * 1024;

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

    public override void Advance(int bytes) => server.Advance(bytes);

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

    private ValueTask<FlushResult> WriteSliceAsync(ReadOnlyMemory<byte> slice, int rest, CancellationToken cancellationToken) =>
        Wait(server.WriteAsync(slice, cancellationToken), rest);

    private ValueTask<FlushResult> Wait(ValueTask<FlushResult> writing, int bytes) =>
        writing.IsCompleted ? writing : unread.WaitAsync(context, writing, bytes);
}
