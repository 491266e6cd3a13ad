using System.Runtime.InteropServices;
using Counter.Gateway.Frames;

namespace Counter.Gateway.Streaming;

/// <summary>The sends of one thread while it shows a state to many streams. They are collected first and made one after another.</summary>
/// <remarks>
/// The kernel's work is most of a frame's cost. It takes less time when little other code runs between two sends, because its code and data then
/// stay in the processor's caches (docs/performance.md). On Linux only.
/// </remarks>
internal sealed class SendBatch : IDisposable
{
    [ThreadStatic]
    private static SendBatch? current;

    // The last batch of the thread, to be used again.
    [ThreadStatic]
    private static SendBatch? spare;

    private readonly List<Entry> entries = [];
    private readonly List<int> sent = [];

    /// <summary>The batch that collects the sends of this thread. Null when each stream makes its own.</summary>
    public static SendBatch? Current => current;

    /// <summary>Begins to collect the sends of this thread. <see cref="Dispose"/> makes them. Null where the system does not support it.</summary>
    public static SendBatch? Begin()
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        (current, spare) = (spare ?? new SendBatch(), null);
        return current;
    }

    /// <summary>Adds the write of a stream, which is under way until the batch has called <see cref="LiveStream.Sent"/>.</summary>
    public void Add(LiveStream stream, Frame frame, ChunkSocket socket, ReadOnlyMemory<byte> chunk) => entries.Add(new Entry(stream, frame, socket, chunk));

    /// <summary>Makes all sends. A stream whose socket did not take all of its bytes writes the rest itself.</summary>
    public void Dispose()
    {
        current = null;
        foreach (ref readonly var entry in CollectionsMarshal.AsSpan(entries))
        {
            sent.Add(entry.Socket.SendNow(entry.Chunk.Span));
        }

        for (var i = 0; i < entries.Count; i++)
        {
            var (stream, frame, socket, chunk) = entries[i];
            stream.Sent(frame, socket.CompleteAsync(chunk, sent[i]));
        }

        entries.Clear();
        sent.Clear();
        spare = this;
    }

    private readonly record struct Entry(LiveStream Stream, Frame Frame, ChunkSocket Socket, ReadOnlyMemory<byte> Chunk);
}
