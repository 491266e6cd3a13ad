using Counter.Gateway.Html;

namespace Counter.Gateway.Play;

/// <summary>What the pages of the game bring along, and what they may do.</summary>
internal static class PlayPages
{
    public static readonly Asset Style = Asset.Style("play.css");

    /// <summary>
    /// Its pictures, its style, its forms, and the frame in which the answer of a form is not seen. No Referrer-Policy of no-referrer:
    /// with it, browsers send "Origin: null" with our own forms.
    /// </summary>
    public static readonly PagePolicy Policy = new(
        $"default-src 'none'; img-src 'self'; style-src {Asset.SiteStyle.Source} {Style.Source}; frame-src 'self'; form-action 'self'; "
        + "base-uri 'none'; frame-ancestors 'none'",
        "same-origin");

    /// <summary>Its style, in a page of ours.</summary>
    public static readonly PagePolicy News = new(
        $"default-src 'none'; style-src {Asset.SiteStyle.Source} {Style.Source}; form-action 'none'; base-uri 'none'; frame-ancestors 'self'", "same-origin");
}
