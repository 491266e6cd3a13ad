using Counter.Gateway.Frames.Parts;

namespace Counter.Gateway.Frames;

/// <summary>An encoded image: immutable bytes shared by every viewer that shows the same thing.</summary>
/// <param name="contentType">The media type of <paramref name="image"/>.</param>
/// <param name="image">The file's bytes, complete.</param>
internal sealed class Frame(string contentType, ReadOnlyMemory<byte> image)
{
    private EncodedPart?[] parts = [];

    /// <summary>The media type of <see cref="Image"/>.</summary>
    public string ContentType => contentType;

    /// <summary>The file's bytes, complete.</summary>
    public ReadOnlyMemory<byte> Image => image;

    /// <summary>Is told how many bytes more the frame keeps.</summary>
    public Action<int>? Grown { get; set; }

    /// <summary>The bytes that it keeps: the file, and the file as it goes on the wire.</summary>
    public int KeptBytes => image.Length + parts.Sum(part => part?.Chunk.Length ?? 0);

    /// <summary>The frame as it goes on the wire, made by whoever writes it first and kept for those who write it next.</summary>
    /// <param name="form">In which of a few forms, from 0.</param>
    /// <param name="encode">Makes it.</param>
    public EncodedPart Encoded(int form, Func<Frame, int, EncodedPart> encode) =>
        form < parts.Length && parts[form] is { } part ? part : Keep(form, encode(this, form));

    private EncodedPart Keep(int form, EncodedPart part)
    {
        // Two may be here at once. What one of them loses is made again.
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
