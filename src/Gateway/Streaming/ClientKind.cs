using Counter.Counting.Presence;

namespace Counter.Gateway.Streaming;

/// <summary>What the program at the other end of a stream makes of it, as far as its request tells.</summary>
/// <param name="Profile">Which bytes go around a frame.</param>
/// <param name="Settles">What makes it close the stream of a page that was left.</param>
/// <param name="Padding">What a probe carries; null for none.</param>
/// <param name="Browser">Engine and major version, such as <c>Chromium 156</c>; null where it does not matter. One of at most ten thousand.</param>
/// <param name="Connection">The connection of few that the stream will hold; null where it takes none.</param>
internal readonly record struct ClientKind(
    WireProfile Profile, SettledBy Settles, Padding? Padding = null, string? Browser = null, HeldConnection? Connection = null)
{
    /// <summary>A program that is no browser, or a script that closes its streams itself.</summary>
    public static ClientKind Tool { get; } = new(WireProfile.Tool, SettledBy.Itself);
}
