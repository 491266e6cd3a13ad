using Counter.Gateway.Html;

namespace Counter.Gateway.Polls.Pages;

/// <summary>The assets and the content security policies of the poll pages.</summary>
internal static class PollPages
{
    public static readonly Asset Style = Asset.Style("vote.css");
    public static readonly Asset BuilderStyle = Asset.Style("polls.css");

    /// <summary>The embedded frame: allows its picture, its form and the frame for the outcome of a vote, on any page.</summary>
    /// <remarks>
    /// With the referrer policy <c>no-referrer</c> browsers send a form with <c>Origin: null</c>, so the policy is <c>same-origin</c>. The address
    /// of the picture names the embedding page in its parameters.
    /// </remarks>
    public static readonly PagePolicy Frame = new(
        $"default-src 'none'; img-src 'self'; style-src {Style.Source}; form-action 'self'; frame-src 'self'; base-uri 'none'; frame-ancestors *",
        "same-origin")
    {
        Caching = "private, no-cache",
    };

    /// <summary>The same poll as a page of its own.</summary>
    public static readonly PagePolicy Here = Frame with
    {
        Content = $"default-src 'none'; img-src 'self'; style-src {Style.Source} {Asset.SiteStyle.Source}; form-action 'self'; frame-src 'self'; base-uri 'none'; frame-ancestors 'none'",
    };

    /// <summary>The builder: allows its form and the frame of the preview.</summary>
    public static readonly PagePolicy Builder = new(
        $"default-src 'none'; img-src 'self'; style-src {Asset.SiteStyle.Source} {BuilderStyle.Source}; form-action 'self'; frame-src 'self'; base-uri 'none'; frame-ancestors 'none'",
        "same-origin");

    /// <summary>The outcome of a vote: text only.</summary>
    public static readonly PagePolicy Notice = new(
        $"default-src 'none'; style-src {Style.Source}; form-action 'none'; base-uri 'none'; frame-ancestors *", "no-referrer")
    {
        Caching = "no-store",
    };
}
