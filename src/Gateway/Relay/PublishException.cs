namespace Counter.Gateway.Relay;

/// <summary>The published body is not allowed. The request ends, and its answer has the reason.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="sentence">The reason, and what to do.</param>
internal sealed class PublishException(int status, string sentence) : Exception(sentence)
{
    /// <summary>The HTTP status.</summary>
    public int Status => status;

    /// <summary>The body cannot be read, or is not a sound picture.</summary>
    public static PublishException Broken(string sentence) => new(StatusCodes.Status400BadRequest, sentence);

    /// <summary>A picture has more bytes than allowed.</summary>
    public static PublishException TooLarge(int mostBytes) =>
        new(StatusCodes.Status413PayloadTooLarge, $"A picture of this channel may have at most {mostBytes} bytes. Make it smaller, or compress it more.");
}
