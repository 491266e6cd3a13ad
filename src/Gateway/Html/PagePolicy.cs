namespace Counter.Gateway.Html;

/// <summary>What a page may do, as response headers.</summary>
/// <param name="Content">The Content-Security-Policy: what the page may load and run.</param>
/// <param name="Referrer">The Referrer-Policy: who gets the page's address.</param>
internal sealed record PagePolicy(string Content, string Referrer)
{
    /// <summary>
    /// The Cache-Control: who may keep the page. By default browsers revalidate it each time. It is not <c>no-store</c>, which keeps a page
    /// out of the back/forward cache.
    /// </summary>
    public string Caching { get; init; } = "no-cache";
}
