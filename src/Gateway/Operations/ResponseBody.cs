using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Counter.Gateway.Operations;

/// <summary>
/// The body of a response, with a deadline for the client to take each write. A stream uses the server's body instead, and has its own deadline.
/// </summary>
internal sealed class ResponseBody(IHttpResponseBodyFeature server, HttpContext context, UnreadResponses unread) : IHttpResponseBodyFeature
{
    private ResponseWriter? writer;
    private Http2Output? watched;

    public Stream Stream => Writer.AsStream(leaveOpen: true);

    public PipeWriter Writer => Answer;

    private ResponseWriter Answer => writer ??= new ResponseWriter(server.Writer, context, unread);

    private int StreamId => context.Features.GetRequiredFeature<IHttp2StreamIdFeature>().StreamId;

    public void DisableBuffering()
    {
        // A stream lives long and does not need this state.
        Unwatch();
        writer = null;
        context.Features.Set(server);
        server.DisableBuffering();
    }

    public Task StartAsync(CancellationToken cancellationToken = default) => server.StartAsync(cancellationToken);

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
        server.SendFileAsync(path, offset, count, cancellationToken);

    public async Task CompleteAsync()
    {
        await WaitUntilSentAsync();
        await server.CompleteAsync();
    }

    /// <summary>Runs a request over HTTP/2, and waits until its response was sent. The server keeps the unsent rest, for any time.</summary>
    public async Task RunAsync(RequestDelegate next, Http2Output frames)
    {
        frames.Add(StreamId, Answer);
        watched = frames;
        try
        {
            await next(context);
            await WaitUntilSentAsync();
        }
        finally
        {
            Unwatch();
        }
    }

    private void Unwatch()
    {
        watched?.Remove(StreamId);
        watched = null;
    }

    // The body of a HEAD response is written too, but never sent.
    private Task WaitUntilSentAsync() =>
        watched is not null && !HttpMethods.IsHead(context.Request.Method) ? Answer.WaitUntilSentAsync() : Task.CompletedTask;
}
