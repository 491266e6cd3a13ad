using Counter.Counting.Pages;

namespace Counter.Counting.Presence;

/// <summary>A stream that opens.</summary>
/// <param name="Page">The page it is on.</param>
/// <param name="Visitor">Whose it is.</param>
/// <param name="Picture">
/// What was asked for, path and query. A page that shows two pictures asks for two; two people who open it ask for the same one.
/// </param>
public sealed record Arrival(PageKey Page, VisitorKey Visitor, string Picture)
{
    /// <summary>Who the visitor was before the salt changed at midnight; null when that cannot be.</summary>
    public VisitorKey? Before { get; init; }

    /// <summary>The identity that the answer to this request gives the browser (a cookie), null when none.</summary>
    public VisitorKey? Issued { get; init; }

    /// <summary>
    /// Names the page load that the stream belongs to, where the page was made to say so; null when it is not known. Streams of one
    /// load are one view.
    /// </summary>
    public string? Load { get; init; }

    /// <summary>What makes the browser close the stream once its page was left.</summary>
    public SettledBy Settles { get; init; }

    /// <summary>Whether the browser loads the page before anybody looks at it (<c>Sec-Purpose: prefetch;prerender</c>).</summary>
    public bool Prerendered { get; init; }

    /// <summary>The browser and its major version, such as <c>Chromium 156</c>: whether its probes work is noted by that. Null when not known.</summary>
    public string? Browser { get; init; }

    /// <summary>A keyed hash of the client's network, so that one client cannot decide whether a browser's probes work; null for one that need not be told apart.</summary>
    public ulong? Network { get; init; }
}
