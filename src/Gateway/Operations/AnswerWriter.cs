using System.IO.Pipelines;

namespace Counter.Gateway.Operations;

/// <summary>Gives what is written at once to the server in slices: it takes a copy of each, and waits for the client only between them.</summary>
/// <remarks>Streams write in slices themselves, and are not touched: they ask for room and flush.</remarks>
internal sealed class AnswerWriter(PipeWriter server, HttpContext context, UnreadAnswers unread) : PipeWriter
{
    private const int SliceBytes = 16 * 1024;

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

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => server.FlushAsync(cancellationToken);

    public override Memory<byte> GetMemory(int sizeHint = 0) => server.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => server.GetSpan(sizeHint);

    private ValueTask<FlushResult> WriteSliceAsync(ReadOnlyMemory<byte> slice, int rest, CancellationToken cancellationToken)
    {
        var writing = server.WriteAsync(slice, cancellationToken);
        return writing.IsCompleted ? writing : unread.WaitAsync(context, writing, rest);
    }
}
