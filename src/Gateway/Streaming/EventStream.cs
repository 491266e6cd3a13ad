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
/// <param name="again">The approximate time until an EventSource reconnects after the end of this stream.</param>
internal sealed class EventStream(HttpContext context, ClientKind client, TimeProvider clock, CounterMetrics metrics, TimeSpan again)
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

            // Spreads the reconnects after a restart.
            var wait = (int)(again.TotalMilliseconds * (2 + 2 * Random.Shared.NextDouble()) / 3);
            Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"retry: {wait}\n\n")));
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
