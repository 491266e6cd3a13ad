namespace Counter.Gateway.Relay;

/// <summary>What is published is not what may be. Ends the request, whose sender is told why.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="sentence">What is wrong and what would be right.</param>
internal sealed class PublishException(int status, string sentence) : Exception(sentence)
{
    /// <summary>The HTTP status.</summary>
    public int Status => status;

    /// <summary>It cannot be read, or is no sound picture.</summary>
    public static PublishException Broken(string sentence) => new(StatusCodes.Status400BadRequest, sentence);

    /// <summary>A picture has more bytes than it may have.</summary>
    public static PublishException TooLarge(int mostBytes) =>
        new(StatusCodes.Status413PayloadTooLarge, $"A picture of this channel may have at most {mostBytes} bytes. Make it smaller, or compress it more.");
}
