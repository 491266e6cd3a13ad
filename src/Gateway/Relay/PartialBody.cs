namespace Counter.Gateway.Relay;

/// <summary>
/// The body of a request that has a piece of a stream of parts: the header of a part, a picture, or both. GStreamer's
/// <c>souphttpclientsink</c> sends the output of <c>multipartmux</c> this way, with one PUT for the bytes since the last.
/// </summary>
internal static class PartialBody
{
    /// <summary>The picture, without the header of its part; empty where there is only a header.</summary>
    public static byte[] PictureOf(byte[] body) =>
        body.AsSpan().StartsWith("--"u8) && body.AsSpan().IndexOf("\r\n\r\n"u8) is >= 0 and var end ? body[(end + 4)..] : body;
}
