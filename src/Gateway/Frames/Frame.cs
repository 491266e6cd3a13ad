namespace Counter.Gateway.Frames;

/// <summary>An encoded image: immutable bytes shared by every viewer that shows the same thing.</summary>
/// <param name="ContentType">The media type of <paramref name="Image"/>.</param>
/// <param name="Image">The file's bytes, complete.</param>
internal sealed record Frame(string ContentType, ReadOnlyMemory<byte> Image);
