using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using Counter.Counting.Pages;

namespace Counter.Gateway.Webhooks;

/// <summary>Reads what a webhook shall be, and says by field what is wrong.</summary>
internal static class WebhookBody
{
    /// <summary>Bytes of a body.</summary>
    public const int MostBytes = 16 * 1024;

    private const int LongestUrl = 2000;
    private const int MostViewers = 1_000_000_000;

    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.Strict,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
    };

    /// <summary>Reads the body of a request.</summary>
    /// <returns>What was asked for, or the answer that says what is wrong.</returns>
    public static async ValueTask<(WebhookRequest? Asked, IResult? Refusal)> ReadAsync(HttpRequest request)
    {
        if (!request.HasJsonContentType())
        {
            return (null, Results.Problem(
                "Send JSON, with Content-Type: application/json.", statusCode: StatusCodes.Status415UnsupportedMediaType));
        }

        try
        {
            return await JsonSerializer.DeserializeAsync<WebhookRequest>(request.Body, Strict, request.HttpContext.RequestAborted) is { } asked
                ? (asked, null)
                : (null, Wrong("body", """A JSON object such as {"url": "https://example.com/hook", "over": 100}."""));
        }
        catch (JsonException e)
        {
            return (null, Wrong(
                e.Path is ['$', '.', .. var field] ? field : "body",
                e.Path is "$.over" or "$.under" ? Range(0) : """A JSON object with url, page, over, under and active, such as {"url": "https://example.com/hook", "over": 100}."""));
        }
        catch (BadHttpRequestException e)
        {
            return (null, Results.Problem($"At most {MostBytes} bytes.", statusCode: e.StatusCode));
        }
    }

    /// <summary>Checks what was asked for.</summary>
    /// <param name="asked">What was asked for.</param>
    /// <param name="site">The site.</param>
    /// <param name="secret">What messages are to be signed with.</param>
    /// <param name="hook">The webhook.</param>
    /// <param name="refusal">The answer that says what is wrong.</param>
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

        string? page = null;
        if (asked.Page is not null && !TryPage(site, asked.Page, out page))
        {
            errors["page"] = [$"null for the whole site, or a path such as /blog/post; at most {PageLimits.Default.Key} characters with the site."];
        }

        if (over is < 1 or > MostViewers)
        {
            errors["over"] = [Range(1)];
        }
        else if (under < 0 || under > over)
        {
            errors["under"] = ["A whole number from 0 to over."];
        }

        hook = errors.Count == 0 ? new Webhook(asked.Url!, page, over, under, asked.Active ?? true, secret) : null;
        refusal = hook is null ? Results.ValidationProblem(errors) : null;
        return hook is not null;
    }

    /// <summary>One field is wrong.</summary>
    public static IResult Wrong(string field, string allowed) =>
        Results.ValidationProblem(new Dictionary<string, string[]> { [field] = [allowed] });

    private static bool TryPage(string site, string text, out string? page)
    {
        var known = PageAddress.TryDerive(null, site, text, PageLimits.Default, out var key, out _) && text.Length > 0;
        page = known ? key.Path : null;
        return known;
    }

    private static string? ExplainUrl(string? text) =>
        text is null || text.Length > LongestUrl || text.Any(c => char.IsControl(c) || char.IsWhiteSpace(c))
            || !Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.Host.Length == 0
            ? $"An address such as https://example.com/hook: http or https, at most {LongestUrl} characters, no spaces."
            : url.UserInfo.Length > 0 ? "No user and password, please: messages are signed, so the receiver can tell that they are ours."
            : null;

    private static string Range(int least) => $"A whole number from {least} to {MostViewers}.";
}
