using Counter.Counting.Presence;

namespace Counter.Gateway.Streaming;

/// <summary>How the client of a stream behaves, as far as its request shows.</summary>
/// <param name="Profile">The bytes around a frame.</param>
/// <param name="Settles">What makes the client close the stream of a left page.</param>
/// <param name="Padding">The padding of a probe. Null for none.</param>
/// <param name="Browser">
/// The engine and major version, such as <c>Chromium 156</c>. Null where it does not matter. There are at most ten thousand values.
/// </param>
/// <param name="Connection">The scarce browser connection that the stream will hold. Null where connections are not scarce.</param>
internal readonly record struct ClientKind(
    WireProfile Profile, SettledBy Settles, Padding? Padding = null, string? Browser = null, HeldConnection? Connection = null)
{
    /// <summary>A program that is no browser, or a script that closes its streams itself.</summary>
    public static ClientKind Tool { get; } = new(WireProfile.Tool, SettledBy.Itself);
}
