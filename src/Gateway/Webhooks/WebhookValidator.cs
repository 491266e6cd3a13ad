using System.Diagnostics.CodeAnalysis;
using Counter.Counting.Pages;
using Counter.Counting.Webhooks;
using Counter.Gateway.Http;

namespace Counter.Gateway.Webhooks;

/// <summary>Validates the definitions of webhooks.</summary>
internal static class WebhookValidator
{
    private const int LongestUrl = 2000;
    private const int MostViewers = 1_000_000_000;

    /// <summary>Validates a request and makes the webhook.</summary>
    /// <param name="asked">The request.</param>
    /// <param name="site">The site.</param>
    /// <param name="secret">The secret that signs messages.</param>
    /// <param name="hook">The webhook.</param>
    /// <param name="refusal">Otherwise, the answer with the errors.</param>
    public static bool TryMake(
        WebhookRequest asked, string site, string secret, [NotNullWhen(true)] out Webhook? hook, [NotNullWhen(false)] out IResult? refusal)
    {
        var errors = new Dictionary<string, string[]>();
        var over = asked.Over ?? 0;
        var under = asked.Under ?? over / 5 * 4 + over % 5 * 4 / 5;
        if (ExplainUrl(asked.Url) is { } wrongUrl)
        {
            errors["url"] = [wrongUrl];
        }

        PageKey page = default;
        if (asked.Page is not null && !Problems.TryPage(site, asked.Page, out page, out _))
        {
            errors["page"] = ["null for the whole site, or the path of a page, such as /blog/first-post."];
        }

        if (over is < 1 or > MostViewers)
        {
            errors["over"] = [$"A whole number from 1 to {MostViewers}."];
        }
        else if (under < 0 || under > over)
        {
            errors["under"] = ["A whole number from 0 to over."];
        }

        hook = errors.Count == 0 ? new Webhook(asked.Url!, page.Path, over, under, asked.Active ?? true, secret) : null;
        refusal = hook is null ? Problems.Invalid(errors) : null;
        return hook is not null;
    }

    private static string? ExplainUrl(string? text) =>
        text is null || text.Length > LongestUrl || text.Any(c => char.IsControl(c) || char.IsWhiteSpace(c))
            || !Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.Host.Length == 0
            ? $"An address such as https://example.com/hook: http or https, at most {LongestUrl} characters, no spaces."
            : url.UserInfo.Length > 0 ? "No user and password: messages are signed, so the receiver can verify their sender."
            : null;
}
