using System.Security.Claims;
using Counter.Counting.Cluster;
using Counter.Counting.Pages;
using Counter.Gateway.Admin.Keys;
using Counter.Gateway.Http;

namespace Counter.Gateway.Admin;

/// <summary>A page.</summary>
/// <param name="Path">The path of the page.</param>
/// <param name="Viewers">The viewers now.</param>
/// <param name="Peak">The most viewers that were there at once.</param>
/// <param name="PeakAt">When the peak was.</param>
/// <param name="Arrivals">The number of viewers that ever arrived.</param>
/// <param name="Since">When the first viewer arrived.</param>
internal sealed record PageItem(string Path, int Viewers, int Peak, DateTimeOffset? PeakAt, long Arrivals, DateTimeOffset? Since);

/// <summary>The endpoints for pages of a site. <c>?path=</c> names a page, since paths contain slashes and queries.</summary>
internal static class PageEndpoints
{
    /// <summary>Maps <c>/sites/{site}/pages</c> and <c>/sites/{site}/page</c>.</summary>
    public static void MapPages(this IEndpointRouteBuilder api)
    {
        var pages = api.MapGroup("/sites/{site}").WithTags("Pages");
        pages.MapMethods("/pages", HttpVerbs.Read, ListAsync).RequireAuthorization(AccessPolicies.ReadSite)
            .WithSummary("The pages of a site.").Produces<Part<PageItem>>().ProducesValidationProblem();
        pages.MapMethods("/page", HttpVerbs.Read, GetAsync).RequireAuthorization(AccessPolicies.ReadSite)
            .WithSummary("One page.").Produces<PageItem>().ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound);
        pages.MapMethods("/page/history", HttpVerbs.Read, GetHistoryAsync).RequireAuthorization(AccessPolicies.ReadSite)
            .WithSummary("The history of a page, as JSON or CSV.").Produces<HistoryPart>().ProducesValidationProblem();
        pages.MapPost("/page/reset", (string site, string? path, ICluster cluster, AuditLog audit, ClaimsPrincipal user, CancellationToken aborted) =>
                ForgetAsync(site, path, "page.reset", cluster.ResetAsync, cluster, audit, user, aborted))
            .RequireAuthorization(AccessPolicies.ManageSite)
            .WithSummary("Resets a page's peak, arrivals and history. Current viewers stay.")
            .Produces(StatusCodes.Status204NoContent).ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound);
        pages.MapDelete("/page", (string site, string? path, ICluster cluster, AuditLog audit, ClaimsPrincipal user, CancellationToken aborted) =>
                ForgetAsync(site, path, "page.delete", cluster.DeleteAsync, cluster, audit, user, aborted))
            .RequireAuthorization(AccessPolicies.ManageSite)
            .WithSummary("Deletes a page. A page with viewers starts again with no arrivals.")
            .Produces(StatusCodes.Status204NoContent).ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> ListAsync(
        string site, [AsParameters] ListParameters list, ICluster cluster, CancellationToken aborted)
    {
        if (!Problems.TrySite(site, out var name, out var problem) || !list.TryRead(out var query, out problem))
        {
            return problem;
        }

        var pages = await cluster.ListPagesAsync(name, query, aborted);
        return Results.Ok(new Part<PageItem>([.. pages.Select(Describe)], ListParameters.Next(pages, query)));
    }

    private static PageItem Describe(CountStatus page) =>
        new(page.Key.Path, page.Viewers, page.Peak, page.PeakAt, page.Arrivals, page.Since);

    private static async Task<IResult> GetAsync(string site, string? path, ICluster cluster, CancellationToken aborted)
    {
        if (!Problems.TryPage(site, path, out var page, out var problem))
        {
            return problem;
        }

        var status = await cluster.GetAsync(CountKey.ForPage(page), aborted);
        return status.Since is null ? NeverSeen(page) : Results.Ok(Describe(status));
    }

    private static async Task<IResult> GetHistoryAsync(
        string site, string? path, [AsParameters] HistoryParameters history, ICluster cluster, TimeProvider clock, HttpContext context) =>
        Problems.TryPage(site, path, out var page, out var problem)
            ? await history.AnswerAsync(CountKey.ForPage(page), cluster, clock, context)
            : problem;

    private static async Task<IResult> ForgetAsync(
        string site, string? path, string what, Func<CountKey, CancellationToken, ValueTask<bool>> forgetAsync, ICluster cluster, AuditLog audit,
        ClaimsPrincipal user, CancellationToken aborted)
    {
        if (!Problems.TryPage(site, path, out var page, out var problem))
        {
            return problem;
        }

        if ((await cluster.GetAsync(CountKey.ForPage(page), aborted)).Since is null)
        {
            return NeverSeen(page);
        }

        // This cannot be undone, so it comes after the entry in the audit log.
        await audit.TryChangeAsync(KeyAuthentication.Holder(user), what, new(page.ToString()), [], aborted);
        await forgetAsync(CountKey.ForPage(page), aborted);
        return Results.NoContent();
    }

    private static IResult NeverSeen(PageKey page) => Problems.NotFound($"{page} has never had a viewer.");
}
