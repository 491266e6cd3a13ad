using Counter.Gateway.Html;

namespace Counter.Gateway.Polls.Pages;

/// <summary>What the pages of polls bring along, and what they may do.</summary>
internal static class PollPages
{
    public static readonly Asset Style = Asset.Style("vote.css");
    public static readonly Asset BuilderStyle = Asset.Style("polls.css");

    /// <summary>Its picture, its form, and the frame for what comes of a vote; on any page.</summary>
    /// <remarks>
    /// Browsers call the origin of a form "null" on pages that tell nobody their address, so this one is told to its own origin. The picture is
    /// told in words which page it stands on.
    /// </remarks>
    public static readonly PagePolicy Frame = new(
        $"default-src 'none'; img-src 'self'; style-src {Style.Source}; form-action 'self'; frame-src 'self'; base-uri 'none'; frame-ancestors *",
        "same-origin")
    {
        Caching = "private, no-cache",
    };

    /// <summary>The same as a page of its own.</summary>
    public static readonly PagePolicy Here = Frame with
    {
        Content = $"default-src 'none'; img-src 'self'; style-src {Style.Source} {Asset.SiteStyle.Source}; form-action 'self'; frame-src 'self'; base-uri 'none'; frame-ancestors 'none'",
    };

    /// <summary>Its form, and the frame that it makes.</summary>
    public static readonly PagePolicy Builder = new(
        $"default-src 'none'; img-src 'self'; style-src {Asset.SiteStyle.Source} {BuilderStyle.Source}; form-action 'self'; frame-src 'self'; base-uri 'none'; frame-ancestors 'none'",
        "same-origin");

    /// <summary>A sentence.</summary>
    public static readonly PagePolicy Notice = new(
        $"default-src 'none'; style-src {Style.Source}; form-action 'none'; base-uri 'none'; frame-ancestors *", "no-referrer")
    {
        Caching = "no-store",
    };
}
