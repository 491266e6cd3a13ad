using Counter.Gateway.Http;
using Counter.Gateway.Sites;
using Counter.Gateway.Visitors;

namespace Counter.Gateway.Admin;

/// <summary>A link that keeps the browser that opens it out of the numbers of a site.</summary>
/// <param name="Url">The link.</param>
/// <param name="ExpiresAt">From when on it does nothing. What it did before stays.</param>
internal sealed record IgnoreLink(string Url, DateTimeOffset ExpiresAt);

/// <summary>How those who manage a site keep their own browsers out of its numbers.</summary>
internal static class IgnoreEndpoints
{
    /// <summary>Maps <c>/sites/{site}/ignore-link</c>.</summary>
    public static void MapIgnoreLinks(this IEndpointRouteBuilder api) => api.MapPost("/sites/{site}/ignore-link", Make)
        .RequireAuthorization(AccessPolicies.ManageSite).WithTags("Sites")
        .WithSummary("Makes a link that keeps the browser that opens it out of the numbers of the site. It is good for 24 hours.")
        .Produces<IgnoreLink>().ProducesValidationProblem().ProducesProblem(StatusCodes.Status409Conflict);

    private static IResult Make(string site, IgnoredBrowsers ignored, SiteSettingsCache sites, TimeProvider clock, HttpRequest request)
    {
        if (!Problems.TrySite(site, out var name, out var problem))
        {
            return problem;
        }

        return sites.OwnerOf(name) is { } owner
            ? Problems.Conflict($"{name} is an extra host of {owner}. Make a link for {owner}.")
            : Results.Ok(new IgnoreLink(
                ImageAddress.Write(BaseAddress.Of(request) + "/", ("site", name), (IgnoredBrowsers.Parameter, ignored.MakeLink(name))),
                clock.GetUtcNow() + IgnoredBrowsers.LinkLifetime));
    }
}
