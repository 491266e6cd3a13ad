using Counter.Counting.Pages;

namespace Counter.Counting.Presence;

/// <summary>Who opens a stream, for which page and picture.</summary>
/// <param name="Page">The page of the stream.</param>
/// <param name="Visitor">The visitor who opens it.</param>
/// <param name="Picture">
/// The path and query of the request. A page with two pictures requests two different ones. Two people who open a page request the same one.
/// </param>
public sealed record StreamOrigin(PageKey Page, VisitorKey Visitor, string Picture)
{
    /// <summary>The visitor's key before the salt changed at midnight; null when there can be none.</summary>
    public VisitorKey? Before { get; init; }

    /// <summary>The identity that the response issues to the browser as a cookie; null for none.</summary>
    public VisitorKey? Issued { get; init; }

    /// <summary>
    /// Names the page load that the stream belongs to, if the page sends such a name; otherwise null. The streams of one load are one view.
    /// </summary>
    public string? Load { get; init; }

    /// <summary>What makes the browser close the stream after its page was left.</summary>
    public SettledBy Settles { get; init; }

    /// <summary>Whether the browser loads the page before anybody looks at it (<c>Sec-Purpose: prefetch;prerender</c>).</summary>
    public bool Prerendered { get; init; }

    /// <summary>Whether a frame opens its stream again, so that its view was an arrival before.</summary>
    public bool IsAgain { get; init; }

    /// <summary>
    /// The browser and its major version, such as <c>Chromium 156</c>; null when unknown. Whether probes work is recorded by version.
    /// </summary>
    public string? Browser { get; init; }

    /// <summary>
    /// A keyed hash of the client's network, so that one client cannot decide whether a browser's probes work. Null for a client that need
    /// not be distinguished.
    /// </summary>
    public ulong? Network { get; init; }
}
