using System.Collections.Concurrent;
using Counter.Gateway.Frames;
using Counter.Gateway.Frames.Parts;

namespace Counter.Gateway.Streaming;

/// <summary>The padding of probes: spaces, compressed once.</summary>
/// <param name="length">How many.</param>
internal sealed class Padding(int length)
{
    // The tails of as many media types as there are.
    private readonly ConcurrentDictionary<string, CodedBytes> tails = [];

    /// <summary>The spaces.</summary>
    public CodedBytes Spaces { get; } = CodedBytes.Compressed([.. Enumerable.Repeat((byte)' ', length)]);

    /// <summary>What stands in the place of a compressed frame's tail.</summary>
    public CodedBytes TailFor(Frame frame) =>
        tails.TryGetValue(frame.ContentType, out var tail) ? tail : tails[frame.ContentType] = Multipart.PaddedTail(frame, Spaces);
}
