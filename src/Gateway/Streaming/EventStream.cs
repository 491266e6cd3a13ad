using System.Buffers;
using System.Globalization;
using System.Text;
using Counter.Gateway.Frames;
using Counter.Gateway.Frames.Parts;
using Counter.Gateway.Operations;

namespace Counter.Gateway.Streaming;

/// <summary>Numbers as server-sent events. A probe is an event and a comment of padding.</summary>
/// <param name="context">The request and its response.</param>
/// <param name="client">The client.</param>
/// <param name="clock">The clock.</param>
/// <param name="metrics">Counts frames.</param>
/// <param name="refused">
/// The approximate time until an EventSource reconnects, if its request was refused and the stream only has the number. Null for a stream that goes
/// on.
/// </param>
internal sealed class EventStream(HttpContext context, ClientKind client, TimeProvider clock, CounterMetrics metrics, TimeSpan? refused)
    : ResponseStream(context, client, clock, metrics)
{
    /// <summary>The usual time until an EventSource reconnects, approximately.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromSeconds(3);

    private readonly Padding? padding = client.Padding;
    private GzipMember member;

    protected override ValueTask<bool> WriteAsync(Frame frame, bool last)
    {
        WriteEvent(frame, last);
        return FlushAsync();
    }

    protected override ValueTask<bool> WriteProbeAsync(Frame frame)
    {
        WriteEvent(frame, last: false);
        if (padding is not null)
        {
            Write(":"u8);
            Write(padding.Spaces);
            Write("\n\n"u8);
        }

        return FlushAsync();
    }

    private void WriteEvent(Frame frame, bool last)
    {
        if (!Begun)
        {
            Begun = true;
            Context.Response.BodyWriter.Write(padding is null ? [] : GzipMember.Header);

            // The wait spreads the reconnects after a restart. An EventSource that has read an id names it when it reconnects, so that it is no other
            // arrival. One that was refused has not arrived yet.
            var wait = (int)((refused ?? Soon).TotalMilliseconds * (2 + 2 * Random.Shared.NextDouble()) / 3);
            Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"retry: {wait}\n\n{(refused is null ? "id: 1\n" : "")}")));
        }

        Write([.. "data: "u8, .. frame.Image.Span, .. "\n\n"u8], last);
        if (last && padding is not null)
        {
            member.End(Context.Response.BodyWriter);
        }
    }

    private void Write(ReadOnlySpan<byte> text, bool last = false)
    {
        if (padding is null)
        {
            Context.Response.BodyWriter.Write(text);
            return;
        }

        Write(CodedBytes.Stored(text, last));
    }

    private void Write(CodedBytes text)
    {
        Context.Response.BodyWriter.Write(text.Bytes.Span);
        member.Add(text.Sum);
    }
}
