using System.Diagnostics;
using System.Net;
using System.Text;

namespace Counter.Streams;

/// <summary>Very many streams, opened and read by one thread. Counts and times their frames.</summary>
/// <remarks>Not safe for concurrent use. Streams are numbered in the order of their opening.</remarks>
/// <param name="server">The address of the server.</param>
/// <param name="marker">The bytes that are sent once with every frame, and once before the first.</param>
/// <param name="request">The request of a stream, by its number.</param>
internal sealed class Crowd(IPEndPoint server, byte[] marker, Func<int, string> request) : IDisposable
{
    // A source address has some 28,000 ports.
    private const int StreamsPerAddress = 10_000;
    private const int EventsAtOnce = 512;

    private readonly int poll = Libc.CreatePoll();
    private readonly byte[] events = new byte[EventsAtOnce * Libc.EventLength];
    private readonly byte[] buffer = new byte[256 * 1024];
    private readonly List<OneStream> streams = [];
    private int mark;
    private long markedAt;

    /// <summary>The complete frames received on all streams.</summary>
    public long Frames { get; private set; }

    /// <summary>The bytes received, including headers.</summary>
    public long Bytes { get; private set; }

    /// <summary>The streams that are open or opening.</summary>
    public int Open { get; private set; }

    /// <summary>The streams that the server has ended.</summary>
    public int Lost { get; private set; }

    /// <summary>The streams whose response has begun.</summary>
    public int Answered { get; private set; }

    /// <summary>The streams that have received a frame.</summary>
    public int Begun { get; private set; }

    /// <summary>The open streams that have received no frame since the mark.</summary>
    public int Missing { get; private set; }

    /// <summary>The times from the mark to each stream's next frame, in milliseconds.</summary>
    public List<double> Times { get; } = [];

    /// <summary>
    /// Whether the reader never sleeps. The sender does the work of waking a sleeping reader, and there is more of this work the slower the
    /// frames follow each other.
    /// </summary>
    public bool IsAwake { get; set; }

    /// <summary>The ages of the frames; null while they are not recorded.</summary>
    public Ages? Ages { get; set; }

    /// <summary>Opens streams at once.</summary>
    public void Join(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var number = streams.Count;
            var from = new IPAddress([127, 0, (byte)(1 + number / StreamsPerAddress), 1]);
            var stream = new OneStream(Libc.Connect(server, from)) { Mark = mark };
            streams.Add(stream);
            Open++;
            Libc.Watch(poll, stream.Socket, Libc.Out, number);
        }
    }

    /// <summary>Closes the streams that were opened last.</summary>
    public void Leave(int count)
    {
        for (; count > 0; count--)
        {
            Close(streams[^1]);
            streams.RemoveAt(streams.Count - 1);
        }
    }

    /// <summary>Sets the mark. <see cref="Missing"/> and <see cref="Times"/> then cover the next frame of each stream that is open now.</summary>
    public void Mark()
    {
        mark++;
        markedAt = Stopwatch.GetTimestamp();
        Missing = Open;
    }

    /// <summary>Reads until a condition is true.</summary>
    /// <returns>False when the condition did not become true in time.</returns>
    public bool Until(Func<bool> done, TimeSpan patience)
    {
        var waiting = Stopwatch.StartNew();
        while (!done())
        {
            if (waiting.Elapsed > patience)
            {
                return false;
            }

            Turn(milliseconds: IsAwake ? 0 : 5);
        }

        return true;
    }

    /// <summary>Reads for a time.</summary>
    public void During(TimeSpan time) => Until(() => false, time);

    public void Dispose()
    {
        streams.ForEach(Close);
        streams.Clear();
        Libc.Close(poll);
    }

    private void Turn(int milliseconds)
    {
        var count = Libc.Wait(poll, events, milliseconds);
        for (var i = 0; i < count; i++)
        {
            var (what, number) = Libc.Event(events, i);
            if (number >= streams.Count || streams[number] is not { Socket: >= 0 } stream)
            {
                continue;
            }

            if (!stream.Asked && (what & Libc.Out) != 0)
            {
                Ask(stream, number);
            }
            else
            {
                Read(stream);
            }
        }
    }

    private void Ask(OneStream stream, int number)
    {
        var bytes = Encoding.ASCII.GetBytes(request(number));
        if (Libc.Send(stream.Socket, bytes) != bytes.Length)
        {
            Lose(stream);
            return;
        }

        stream.Asked = true;
        Libc.Rewatch(poll, stream.Socket, Libc.In, number);
    }

    private void Read(OneStream stream)
    {
        var length = Libc.Receive(stream.Socket, buffer);
        if (length <= 0)
        {
            if (length == 0 || System.Runtime.InteropServices.Marshal.GetLastPInvokeError() != Libc.Again)
            {
                Lose(stream);
            }

            return;
        }

        if (!stream.Answered)
        {
            stream.Answered = true;
            Answered++;
        }

        Bytes += length;
        Scan(stream, buffer.AsSpan(0, length));
    }

    /// <summary>Counts the markers. A marker may arrive in two parts. No marker begins with the end of another.</summary>
    private void Scan(OneStream stream, ReadOnlySpan<byte> bytes)
    {
        if (stream.Matched > 0)
        {
            var rest = marker.AsSpan(stream.Matched);
            var common = Math.Min(rest.Length, bytes.Length);
            if (!bytes[..common].SequenceEqual(rest[..common]))
            {
                stream.Matched = 0;
            }
            else if (common < rest.Length)
            {
                stream.Matched += common;
                return;
            }
            else
            {
                stream.Matched = 0;
                bytes = bytes[common..];
                Count(stream, before: []);
            }
        }

        for (int at; (at = bytes.IndexOf(marker)) >= 0; bytes = bytes[(at + marker.Length)..])
        {
            Count(stream, bytes[..at]);
        }

        for (var kept = Math.Min(bytes.Length, marker.Length - 1); kept > 0; kept--)
        {
            if (marker.AsSpan().StartsWith(bytes[^kept..]))
            {
                stream.Matched = kept;
                return;
            }
        }
    }

    private void Count(OneStream stream, ReadOnlySpan<byte> before)
    {
        if (stream.Markers++ == 0)
        {
            return;
        }

        Frames++;
        if (before.EndsWith("\r\n"u8))
        {
            Ages?.Come(before[..^2]);
        }

        if (stream.Markers == 2)
        {
            Begun++;
        }

        if (stream.Mark != mark)
        {
            stream.Mark = mark;
            Missing--;
            Times.Add(Stopwatch.GetElapsedTime(markedAt).TotalMilliseconds);
        }
    }

    private void Lose(OneStream stream)
    {
        Lost++;
        Close(stream);
    }

    private void Close(OneStream stream)
    {
        if (stream.Socket < 0)
        {
            return;
        }

        Open--;
        if (stream.Mark != mark)
        {
            Missing--;
        }

        Libc.Close(stream.Socket, reset: true);
        stream.Socket = -1;
    }

    private sealed class OneStream(int socket)
    {
        public int Socket { get; set; } = socket;

        public bool Asked { get; set; }

        public bool Answered { get; set; }

        public long Markers { get; set; }

        public int Matched { get; set; }

        public int Mark { get; set; }
    }
}
