using Counter.Gateway.Html;

namespace Counter.Gateway.Sessions;

/// <summary>The style and the policy of the pages that ask for a session.</summary>
internal static class SessionPages
{
    public static readonly Asset Style = Asset.Style("session.css");

    /// <summary>The policy of a page with a style of its own. Nobody keeps the page.</summary>
    /// <param name="own">The style.</param>
    /// <param name="more">More directives, each with its semicolon.</param>
    /// <remarks>No Referrer-Policy of no-referrer: with it, browsers send "Origin: null" with our own forms.</remarks>
    public static PagePolicy Policy(Asset? own, string more = "") => new(
        $"default-src 'none'; img-src 'self'; style-src {Asset.SiteStyle.Source} {Style.Source}{(own is null ? "" : " " + own.Source)}; {more}"
        + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        "same-origin")
    { Caching = "no-store" };
}
