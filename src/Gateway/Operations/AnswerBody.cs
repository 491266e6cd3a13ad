using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace Counter.Gateway.Operations;

/// <summary>The body of an answer, of which clients have to take what is written within some time. A stream has the server's own: it has a deadline too.</summary>
internal sealed class AnswerBody(IHttpResponseBodyFeature server, HttpContext context, UnreadAnswers unread) : IHttpResponseBodyFeature
{
    private AnswerWriter? writer;

    public Stream Stream => Writer.AsStream(leaveOpen: true);

    public PipeWriter Writer => writer ??= new AnswerWriter(server.Writer, context, unread);

    public void DisableBuffering()
    {
        context.Features.Set(server);
        server.DisableBuffering();
    }

    public Task StartAsync(CancellationToken cancellationToken = default) => server.StartAsync(cancellationToken);

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
        server.SendFileAsync(path, offset, count, cancellationToken);

    public Task CompleteAsync() => server.CompleteAsync();
}
