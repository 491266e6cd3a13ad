using System.Diagnostics.CodeAnalysis;
using Counter.Counting.Pages;

namespace Counter.Gateway.Http;

/// <summary>The error responses of the admin API (RFC 9457).</summary>
internal static class Problems
{
    /// <summary>Fields or parameters are wrong.</summary>
    public static IResult Invalid(IDictionary<string, string[]> errors) =>
        Results.ValidationProblem(errors, detail: string.Join(" ", errors.Select(e => $"{e.Key}: {e.Value[0]}")));

    /// <summary>One field or parameter is wrong.</summary>
    public static IResult Invalid(string field, string allowed) => Invalid(new Dictionary<string, string[]> { [field] = [allowed] });

    /// <summary>The requested thing does not exist.</summary>
    public static IResult NotFound(string sentence) => Results.Problem(sentence, statusCode: StatusCodes.Status404NotFound);

    /// <summary>The request conflicts with the current state.</summary>
    public static IResult Conflict(string sentence) => Results.Problem(sentence, statusCode: StatusCodes.Status409Conflict);

    /// <summary>The key lacks the permission.</summary>
    public static IResult Forbidden(string sentence) => Results.Problem(sentence, statusCode: StatusCodes.Status403Forbidden);

    /// <summary>Reads a site and normalises it.</summary>
    public static bool TrySite(string text, [NotNullWhen(true)] out string? site, [NotNullWhen(false)] out IResult? problem)
    {
        problem = PageAddress.TryParseSite(text, PageLimits.Default, out site, out _)
            ? null
            : Invalid("site", "A host name such as example.com, of at most 200 characters.");
        return problem is null;
    }

    /// <summary>Reads a page of a site.</summary>
    public static bool TryPage(string siteText, string? path, out PageKey page, [NotNullWhen(false)] out IResult? problem)
    {
        page = default;
        if (!TrySite(siteText, out var site, out problem))
        {
            return false;
        }

        if (string.IsNullOrEmpty(path) || !PageAddress.TryDerive(null, site, path, new PageLimits(200, 2000), out page, out _))
        {
            problem = Invalid("path", "The path of a page, such as /blog/first-post.");
        }

        return problem is null;
    }
}
