using System.Buffers;
using Counter.Gateway.Frames;
using Counter.Gateway.Frames.Parts;
using Counter.Gateway.Operations;
using Counter.Gateway.Settings;
using Counter.Gateway.Visitors;

namespace Counter.Gateway.Streaming;

/// <summary>An endless picture.</summary>
/// <param name="context">The request and its response.</param>
/// <param name="client">The client.</param>
/// <param name="options">The streaming options.</param>
/// <param name="clock">The clock.</param>
/// <param name="metrics">Counts frames. Null for streams that are not visitors' streams.</param>
internal class ImageStream(
    HttpContext context, ClientKind client, StreamingOptions options, TimeProvider clock, CounterMetrics? metrics)
    : ResponseStream(context, client, clock, metrics)
{
    /// <summary>The most bytes that the server gets at once. It would buffer a larger write for each slow viewer.</summary>
    private const int SliceBytes = 64 * 1024;

    // Home Assistant gives up after 10 s without a picture, and GStreamer's souphttpsrc after 15 s.
    private static readonly TimeSpan ForPlayers = TimeSpan.FromSeconds(5);

    private readonly WireProfile profile = client.Profile;
    private readonly Padding? padding = client.Padding;
    private readonly bool firefox = Client.IsFirefox(context.Request);
    private readonly bool isPlayer = !Client.IsBrowser(context.Request);
    private bool mayWritePast = options.WritesPastServer && client.Profile != WireProfile.Tool;
    private ChunkSocket? socket;
    private GzipMember member;

    protected override TimeSpan Refresh(StreamingOptions options) =>
        firefox ? options.FirefoxRefresh : isPlayer && options.Refresh > ForPlayers ? ForPlayers : options.Refresh;

    protected override ValueTask<bool> WriteAsync(Frame frame, bool last) => WriteAsync(frame, last, tail: null);

    protected override ValueTask<bool> WriteProbeAsync(Frame frame) => WriteAsync(frame, last: false, padding?.TailFor(frame));

    // A frame that is not encoded yet is not added: encoding may fail, and the stream's own write handles that.
    protected override bool TryAddTo(SendBatch batch, Frame frame)
    {
        if (socket is null || Multipart.KeptPart(frame, profile) is not { Body.Length: <= SliceBytes } part)
        {
            return false;
        }

        Add(part, tail: null);
        batch.Add(this, frame, socket, part.Chunk);
        return true;
    }

    private ValueTask<bool> WriteAsync(Frame frame, bool last, CodedBytes? tail)
    {
        var part = Multipart.PartOf(frame, profile);

        // The server writes the first and last frames, and large ones. Frames in between can bypass it.
        if (!Begun || last || part.Body.Length > SliceBytes)
        {
            return WriteThroughServerAsync(frame, part, last ? Multipart.End(profile) : tail, last);
        }

        if (mayWritePast)
        {
            mayWritePast = false;
            socket = ChunkSocket.Find(Context);
        }

        if (socket is null && tail is not null)
        {
            return WriteThroughServerAsync(frame, part, tail, last);
        }

        Add(part, tail);
        return socket is null ? FlushAsync(part.Body) : socket.SendAsync(tail is null ? part.Chunk : part.ChunkWith(tail));
    }

    private async ValueTask<bool> WriteThroughServerAsync(Frame frame, EncodedPart part, CodedBytes? tail, bool last)
    {
        var body = Context.Response.BodyWriter;
        if (!Begun)
        {
            Begun = true;
            var beginning = Multipart.Begin(profile, frame);
            member.Add(beginning.Sum);
            body.Write(beginning.Bytes.Span);
        }

        Add(part, tail);
        var rest = tail is null ? part.Body : part.Lead;
        for (; rest.Length > SliceBytes; rest = rest[SliceBytes..])
        {
            body.Write(rest.Span[..SliceBytes]);
            if (!await FlushAsync())
            {
                return false;
            }

            Progress();
        }

        body.Write(rest.Span);
        if (tail is not null)
        {
            body.Write(tail.Bytes.Span);
        }

        if (last && profile == WireProfile.Gzip)
        {
            member.End(body);
        }

        return await FlushAsync();
    }

    private void Add(EncodedPart part, CodedBytes? tail)
    {
        if (profile == WireProfile.Gzip)
        {
            member.Add(tail is null ? part.Sum : part.LeadSum.Then(tail.Sum));
        }
    }
}
