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
    /// load are one view, whenever they open; streams of different loads never are.
    /// </summary>
    public string? Load { get; init; }

    /// <summary>Whether the stream holds a connection of its own, of which a browser opens six to a host (HTTP/1.1).</summary>
    public bool Scarce { get; init; }
}
