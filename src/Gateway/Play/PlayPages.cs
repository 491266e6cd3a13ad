using Counter.Gateway.Html;

namespace Counter.Gateway.Play;

/// <summary>The assets and the content security policies of the game's pages.</summary>
internal static class PlayPages
{
    public static readonly Asset Style = Asset.Style("play.css");

    /// <summary>
    /// The game's pages: allows their pictures, style, forms and the hidden frame for the answers of forms. The referrer policy is not
    /// <c>no-referrer</c>: with it, browsers send <c>Origin: null</c> with our own forms.
    /// </summary>
    public static readonly PagePolicy Policy = new(
        $"default-src 'none'; img-src 'self'; style-src {Asset.SiteStyle.Source} {Style.Source}; frame-src 'self'; form-action 'self'; "
        + "base-uri 'none'; frame-ancestors 'none'",
        "same-origin");

    /// <summary>The status of a table: allows its style, inside our own pages.</summary>
    public static readonly PagePolicy StatusFrame = new(
        $"default-src 'none'; style-src {Asset.SiteStyle.Source} {Style.Source}; form-action 'none'; base-uri 'none'; frame-ancestors 'self'", "same-origin");
}
