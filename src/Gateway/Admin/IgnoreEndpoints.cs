using Counter.Gateway.Http;
using Counter.Gateway.Sites;
using Counter.Gateway.Visitors;

namespace Counter.Gateway.Admin;

/// <summary>A link. The site does not count a browser that opened it.</summary>
/// <param name="Url">The link.</param>
/// <param name="ExpiresAt">When the link expires. Browsers that opened it before stay uncounted.</param>
internal sealed record IgnoreLink(string Url, DateTimeOffset ExpiresAt);

/// <summary>The endpoint for ignore links.</summary>
internal static class IgnoreEndpoints
{
    /// <summary>Maps <c>/sites/{site}/ignore-link</c>.</summary>
    public static void MapIgnoreLinks(this IEndpointRouteBuilder api) => api.MapPost("/sites/{site}/ignore-link", Make)
        .RequireAuthorization(AccessPolicies.ManageSite).WithTags("Sites")
        .WithSummary("Creates a link that is valid for 24 hours. The site does not count browsers that opened it.")
        .Produces<IgnoreLink>().ProducesValidationProblem().ProducesProblem(StatusCodes.Status409Conflict);

    private static IResult Make(string site, IgnoredBrowsers ignored, SiteSettingsCache sites, TimeProvider clock, HttpRequest request)
    {
        if (!Problems.TrySite(site, out var name, out var problem))
        {
            return problem;
        }

        return sites.OwnerOf(name) is { } owner
            ? Problems.Conflict($"{name} is an extra host of {owner}. Create a link for {owner}.")
            : Results.Ok(new IgnoreLink(
                ImageAddress.Write(BaseAddress.Of(request) + "/", ("site", name), (IgnoredBrowsers.Parameter, ignored.MakeToken(name))),
                clock.GetUtcNow() + IgnoredBrowsers.LinkLifetime));
    }
}
