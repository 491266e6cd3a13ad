namespace Counter.Gateway.Relay;

/// <summary>
/// What a request has of a stream of parts that its sender cuts into many requests: the header of a part, a picture, or both. So
/// GStreamer's <c>souphttpclientsink</c> sends what <c>multipartmux</c> makes, one PUT for what came since the last.
/// </summary>
internal static class PartialBody
{
    /// <summary>The picture, without the header of its part; empty where there is only a header.</summary>
    public static byte[] PictureOf(byte[] body) =>
        body.AsSpan().StartsWith("--"u8) && body.AsSpan().IndexOf("\r\n\r\n"u8) is >= 0 and var end ? body[(end + 4)..] : body;
}
