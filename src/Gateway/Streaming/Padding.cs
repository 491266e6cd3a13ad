using System.Collections.Concurrent;
using Counter.Gateway.Frames;
using Counter.Gateway.Frames.Parts;

namespace Counter.Gateway.Streaming;

/// <summary>The padding of probes: spaces, compressed once.</summary>
/// <param name="length">The number of spaces.</param>
internal sealed class Padding(int length)
{
    // One tail for each media type.
    private readonly ConcurrentDictionary<string, CodedBytes> tails = [];

    /// <summary>The compressed spaces.</summary>
    public CodedBytes Spaces { get; } = CodedBytes.Compressed([.. Enumerable.Repeat((byte)' ', length)]);

    /// <summary>The tail of a compressed frame that is a probe.</summary>
    public CodedBytes TailFor(Frame frame) =>
        tails.TryGetValue(frame.ContentType, out var tail) ? tail : tails[frame.ContentType] = Multipart.PaddedTail(frame, Spaces);
}
