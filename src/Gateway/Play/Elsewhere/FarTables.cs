using System.Collections.Concurrent;
using System.IO.Pipelines;
using Counter.Counting.Cluster;
using Counter.Gateway.Cluster;
using Counter.Gateway.Frames;
using Counter.Gateway.Links;
using Counter.Gateway.Pages;
using Counter.Gateway.Relay;
using Counter.Gateway.Streaming;
using Counter.Gateway.Visitors;
using Microsoft.Extensions.Options;

namespace Counter.Gateway.Play.Elsewhere;

/// <summary>
/// Tables that are at other gateways. A table is in the memory of the gateway at which it was begun, which its name tells; whoever
/// comes to it through another one is passed on over the link: pages and clicks as they are, the picture frame by frame.
/// </summary>
/// <remarks>A picture is one connection between gateways for each who looks: its end tells the table that they have left.</remarks>
internal sealed partial class FarTables(
    LinkKeeper keeper, LinkClient client, ThisGateway here, DailySalt salt, IOptions<RelayOptions> patience, TimeProvider clock, ILogger<FarTables> log)
    : IStreamSource
{
    private const int MostBytes = 256 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly string[] Headers =
    [
        "Cache-Control", "Content-Security-Policy", "Cross-Origin-Resource-Policy", "Location", "Referrer-Policy", "Retry-After", "X-Robots-Tag",
    ];

    private readonly ConcurrentDictionary<FarViewer, bool> viewers = [];

    // Of each table that somebody here looks at. Who joins asks for it, so nobody is counted then.
    private readonly ConcurrentDictionary<string, int> streams = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public IEnumerable<IViewerStream> Viewers => viewers.Keys;

    /// <summary>Whether a table, if there is one of this name, is at another gateway.</summary>
    public bool AreAt(string id) => here.HasOthers && TableName.IsValid(id) && !TableName.IsAt(id, here.Id);

    /// <summary>The open pictures here of a table elsewhere.</summary>
    public int Streams(string id) => streams.GetValueOrDefault(id);

    /// <summary>Passes a request on and its answer back.</summary>
    /// <param name="context">The request and its answer.</param>
    /// <param name="id">The table.</param>
    /// <param name="picture">What of it: empty for the page.</param>
    /// <returns>False when the gateway of the table does not answer, and nothing was sent.</returns>
    public async Task<bool> TryPassOnAsync(HttpContext context, string id, string picture = "")
    {
        using var late = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, late.Token);
        try
        {
            using var answer = await AskAsync(context, id, picture, either.Token);
            if (answer is null)
            {
                return false;
            }

            var body = await answer.Content.ReadAsByteArrayAsync(either.Token);
            context.Response.StatusCode = (int)answer.StatusCode;
            foreach (var header in Headers)
            {
                if (answer.Headers.TryGetValues(header, out var values))
                {
                    context.Response.Headers[header] = values.ToArray();
                }
            }

            context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
            if (body.Length > 0 && !HttpMethods.IsHead(context.Request.Method))
            {
                context.Response.ContentLength = body.Length;
                await context.Response.Body.WriteAsync(body, either.Token);
            }

            return true;
        }
        catch (Exception e) when (e is LinkException or HttpRequestException or (IOException and not BadHttpRequestException) or OperationCanceledException && !context.Response.HasStarted)
        {
            LogFailed(e.Message);
            return false;
        }
    }

    /// <summary>Asks for an endless picture of a table elsewhere.</summary>
    /// <returns>The answer, whose body has not been read; null when the gateway of the table does not answer.</returns>
    public async Task<HttpResponseMessage?> TryOpenAsync(HttpContext context, string id, string picture)
    {
        using var late = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, late.Token);
        try
        {
            return await AskAsync(context, id, picture, either.Token);
        }
        catch (Exception e) when (e is LinkException or HttpRequestException or OperationCanceledException)
        {
            LogFailed(e.Message);
            return null;
        }
    }

    /// <summary>Shows a picture that was asked for on a stream, until either ends.</summary>
    public async Task RunAsync(HttpResponseMessage source, string id, LiveStream stream, string contentType)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stream.Aborted);
        using var gone = stream.Aborted.UnsafeRegister(static stream => ((LiveStream)stream!).Close(), stream);
        var viewer = new FarViewer(stream);
        viewers[viewer] = true;
        streams.AddOrUpdate(id, 1, static (_, open) => open + 1);
        try
        {
            // Whichever ends first: the picture there, or the stream here.
            var reading = ReadAsync(source, viewer, contentType, over.Token);
            await stream.Completion;
            await over.CancelAsync();
            await reading;
        }
        finally
        {
            viewers.TryRemove(viewer, out _);
            streams.AddOrUpdate(id, 0, static (_, open) => open - 1);
            streams.TryRemove(KeyValuePair.Create(id, 0));
        }
    }

    /// <inheritdoc/>
    public ValueTask TendAsync(StreamingOptions options)
    {
        foreach (var viewer in viewers.Keys.Where(viewer => viewer.Stream.Tend(options)))
        {
            viewer.Stream.Resend();
        }

        return ValueTask.CompletedTask;
    }

    private async Task ReadAsync(HttpResponseMessage source, FarViewer viewer, string contentType, CancellationToken over)
    {
        try
        {
            await using var stream = await source.Content.ReadAsStreamAsync(over);
            using var body = new Publisher(PipeReader.Create(stream), patience.Value, clock, over);
            var parts = new PartReader(body, Multipart.Boundary);
            while (await parts.ReadAsync(MostBytes) is { } file)
            {
                viewer.Show(new Frame(contentType, file));
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or PublishException)
        {
            LogFailed(e.Message);
        }
        finally
        {
            // What was shown last stays.
            viewer.End();
        }
    }

    private async Task<HttpResponseMessage?> AskAsync(HttpContext context, string id, string picture, CancellationToken cancellationToken)
    {
        if (keeper.Find(gateway => TableName.IsAt(id, gateway)) is not { } gateway)
        {
            return null;
        }

        using var request = await MakeAsync(context, gateway, LinkEndpoints.Play + id + picture);
        return await client.SendAsync(gateway, request, cancellationToken);
    }

    private async Task<HttpRequestMessage> MakeAsync(HttpContext context, GatewayState gateway, string path)
    {
        var from = context.Request;
        var request = new HttpRequestMessage(
            HttpMethods.IsPost(from.Method) ? HttpMethod.Post : HttpMethod.Get, new Uri(new Uri(gateway.Address), path + from.QueryString));
        Asker.Of(context, salt).Write(request);
        if (from.HasFormContentType)
        {
            var form = await Form.ReadAsync(context);
            request.Content = new FormUrlEncodedContent(form.Select(field => KeyValuePair.Create(field.Key, field.Value.LastOrDefault() ?? "")));
        }

        return request;
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "A table at another gateway was not reached: {Reason}")]
    private partial void LogFailed(string reason);
}
