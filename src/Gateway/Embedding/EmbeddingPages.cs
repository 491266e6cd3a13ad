using Counter.Gateway.Html;

namespace Counter.Gateway.Embedding;

/// <summary>What the pages of this folder bring along, and what they may do.</summary>
internal static class EmbeddingPages
{
    public static readonly Asset BuilderScript = Asset.Script("builder.js");
    public static readonly Asset CountScript = Asset.Script("count.js");
    public static readonly Asset EmbedStyle = Asset.Style("embed.css");
    public static readonly Asset EmbedScript = Asset.Script("embed.js");

    /// <summary>Its pictures, its own style and script, and its own form. The pictures are told which page they are on.</summary>
    public static readonly PagePolicy Home = new(
        $"default-src 'none'; img-src 'self'; connect-src 'self'; style-src {Asset.SiteStyle.Source}; "
        + $"script-src {BuilderScript.Source}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        "same-origin");

    /// <summary>One picture, on any page.</summary>
    /// <remarks>
    /// Its script reads the picture's stream itself, which is why it may show blobs. It tells its address to
    /// nobody, not even to the picture, which would take this page for the one it is on.
    /// </remarks>
    public static readonly PagePolicy Embed = new(
        $"default-src 'none'; img-src 'self' blob:; connect-src 'self'; style-src {EmbedStyle.Source}; "
        + $"script-src {EmbedScript.Source}; form-action 'none'; base-uri 'none'; frame-ancestors *",
        "no-referrer");

    /// <summary>Its own style and icon.</summary>
    public static readonly PagePolicy NotFound = new(
        $"default-src 'none'; img-src 'self'; style-src {Asset.SiteStyle.Source}; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
        "same-origin");
}
