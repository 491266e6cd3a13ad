namespace Counter.Gateway.Html;

/// <summary>What a page may do.</summary>
/// <param name="Content">What it may load and run, as Content-Security-Policy.</param>
/// <param name="Referrer">Whom it tells its address, as Referrer-Policy.</param>
internal sealed record PagePolicy(string Content, string Referrer)
{
    /// <summary>
    /// Who may keep the page, as Cache-Control. Usually it is asked for again each time, but not <c>no-store</c>, which keeps a page
    /// out of the back/forward cache.
    /// </summary>
    public string Caching { get; init; } = "no-cache";
}
