using Counter.Gateway.Html;

namespace Counter.Gateway.Embedding;

/// <summary>The styles and scripts of the pages in this folder, and their policies.</summary>
internal static class EmbeddingPages
{
    public static readonly Asset BuilderScript = Asset.Script("builder.js");
    public static readonly Asset CountScript = Asset.Script("count.js");
    public static readonly Asset EmbedStyle = Asset.Style("embed.css");
    public static readonly Asset EmbedScript = Asset.Script("embed.js");

    /// <summary>Allows its pictures, its own style and script, and its own form. The pictures get the address of the page.</summary>
    public static readonly PagePolicy Home = new(
        $"default-src 'none'; img-src 'self'; connect-src 'self'; style-src {Asset.SiteStyle.Source}; "
        + $"script-src {BuilderScript.Source}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        "same-origin");

    /// <summary>Allows one picture, on any page.</summary>
    /// <remarks>
    /// Its script reads the stream of the picture, so blobs are allowed. It sends its address to nobody. The picture would take this page
    /// for the page that it is on.
    /// </remarks>
    public static readonly PagePolicy Embed = new(
        $"default-src 'none'; img-src 'self' blob:; connect-src 'self'; style-src {EmbedStyle.Source}; "
        + $"script-src {EmbedScript.Source}; form-action 'none'; base-uri 'none'; frame-ancestors *",
        "no-referrer")
    {
        // It may contain a proof for this client.
        Caching = "private, no-cache",
    };

    /// <summary>Allows its own style and icon.</summary>
    public static readonly PagePolicy NotFound = new(
        $"default-src 'none'; img-src 'self'; style-src {Asset.SiteStyle.Source}; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
        "same-origin");

    /// <summary>The same.</summary>
    public static readonly PagePolicy Ignore = NotFound with { Caching = "no-store" };
}
