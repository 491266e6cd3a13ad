using Counter.Gateway.Frames.Parts;

namespace Counter.Gateway.Frames;

/// <summary>An encoded image: immutable bytes, shared by all viewers of the same picture.</summary>
/// <param name="contentType">The media type of <paramref name="image"/>.</param>
/// <param name="image">The complete file.</param>
internal sealed class Frame(string contentType, ReadOnlyMemory<byte> image)
{
    private EncodedPart?[] parts = [];

    /// <summary>The media type of <see cref="Image"/>.</summary>
    public string ContentType => contentType;

    /// <summary>The complete file.</summary>
    public ReadOnlyMemory<byte> Image => image;

    /// <summary>Called with the number of bytes that the frame keeps in addition.</summary>
    public Action<int>? Grown { get; set; }

    /// <summary>The bytes that it keeps: the file, and the file as sent.</summary>
    public int KeptBytes => image.Length + parts.Sum(part => part?.Chunk.Length ?? 0);

    /// <summary>Returns the frame as it is sent. The first writer encodes it, and the next ones reuse it.</summary>
    /// <param name="form">Which of a few forms, from 0.</param>
    /// <param name="encode">Encodes it.</param>
    public EncodedPart Encoded(int form, Func<Frame, int, EncodedPart> encode) => Kept(form) ?? Keep(form, encode(this, form));

    /// <summary>Returns the frame as it is sent, if it is encoded already; otherwise null.</summary>
    public EncodedPart? Kept(int form) => form < parts.Length ? parts[form] : null;

    private EncodedPart Keep(int form, EncodedPart part)
    {
        // Two threads may be here at once. If one loses a part, that part is encoded again.
        var kept = parts;
        if (form >= kept.Length)
        {
            Array.Resize(ref kept, form + 1);
        }

        kept[form] = part;
        parts = kept;
        Grown?.Invoke(part.Chunk.Length);
        return part;
    }
}
