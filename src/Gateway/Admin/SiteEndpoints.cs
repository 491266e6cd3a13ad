using System.Security.Claims;
using System.Text.Json.Nodes;
using Counter.Counting.Cluster;
using Counter.Counting.Pages;
using Counter.Gateway.Admin.Keys;
using Counter.Gateway.Documents;
using Counter.Gateway.Http;

namespace Counter.Gateway.Admin;

/// <summary>A site in a list.</summary>
/// <param name="Site">The site.</param>
/// <param name="Viewers">The viewers of all its pages now.</param>
/// <param name="Peak">The most viewers that were there at once.</param>
/// <param name="PeakAt">When the peak was.</param>
/// <param name="Arrivals">The number of viewers that ever arrived.</param>
/// <param name="Since">When the first viewer arrived.</param>
/// <param name="Pages">The number of known pages.</param>
/// <param name="Registered">Whether it has settings.</param>
internal sealed record SiteItem(
    string Site, int Viewers, int Peak, DateTimeOffset? PeakAt, long Arrivals, DateTimeOffset? Since, int Pages, bool Registered);

/// <summary>A site and its settings.</summary>
/// <param name="Site">The site.</param>
/// <param name="Viewers">The viewers of all its pages now.</param>
/// <param name="Peak">The most viewers that were there at once.</param>
/// <param name="PeakAt">When the peak was.</param>
/// <param name="Arrivals">The number of viewers that ever arrived.</param>
/// <param name="Since">When the first viewer arrived.</param>
/// <param name="Registered">Whether it has settings. If not, the defaults are shown.</param>
/// <param name="Settings">Its settings. The ETag of the answer is their version.</param>
internal sealed record SiteAnswer(
    string Site, int Viewers, int Peak, DateTimeOffset? PeakAt, long Arrivals, DateTimeOffset? Since, bool Registered, SiteSettings Settings);

/// <summary>The endpoints for sites. The operator lists them, and keys for a site read and change it.</summary>
internal static class SiteEndpoints
{
    /// <summary>Maps <c>/sites</c>.</summary>
    public static void MapSites(this IEndpointRouteBuilder api)
    {
        var sites = api.MapGroup("/sites").WithTags("Sites");
        sites.MapMethods("", HttpVerbs.Read, ListAsync).RequireAuthorization(AccessPolicies.Operator)
            .WithSummary("The sites that have ever had a viewer or have settings.").Produces<Part<SiteItem>>().ProducesValidationProblem();
        sites.MapMethods("/{site}", HttpVerbs.Read, GetAsync).RequireAuthorization(AccessPolicies.ReadSite)
            .WithSummary("A site's numbers and settings.").Produces<SiteAnswer>().ProducesProblem(StatusCodes.Status404NotFound);
        sites.MapPut("/{site}", PutAsync).RequireAuthorization(AccessPolicies.ManageSite)
            .WithSummary("Creates or changes a site's settings. A change needs If-Match with the ETag that was read.")
            .Produces<SiteAnswer>().Produces<SiteAnswer>(StatusCodes.Status201Created).ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status412PreconditionFailed).ProducesProblem(StatusCodes.Status428PreconditionRequired);
        sites.MapPatch("/{site}", PatchAsync).RequireAuthorization(AccessPolicies.ManageSite)
            .WithSummary("Changes some of a site's settings, and keeps the others (JSON Merge Patch). If-Match may name the expected version.")
            .Accepts<JsonObject>("application/merge-patch+json", "application/json")
            .Produces<SiteAnswer>().Produces<SiteAnswer>(StatusCodes.Status201Created).ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status412PreconditionFailed);
        sites.MapDelete("/{site}", DeleteAsync).RequireAuthorization(AccessPolicies.Operator)
            .WithSummary("Deletes a site with its settings, keys, webhooks and numbers. A site with viewers starts again with no arrivals.")
            .Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status404NotFound);
        sites.MapMethods("/{site}/history", HttpVerbs.Read, GetHistoryAsync).RequireAuthorization(AccessPolicies.ReadSite)
            .WithSummary("The history of a site, as JSON or CSV.").Produces<HistoryPart>().ProducesValidationProblem();
        sites.MapPost("/{site}/reset", ResetAsync).RequireAuthorization(AccessPolicies.ManageSite)
            .WithSummary("Resets peak, arrivals and history of a site and of all its pages. Current viewers stay.")
            .Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> ListAsync(
        [AsParameters] ListParameters list, ICluster cluster, DocumentCache<SiteSettings> documents, CancellationToken aborted)
    {
        if (!list.TryRead(out var query, out var problem))
        {
            return problem;
        }

        var sites = await cluster.ListSitesAsync(query, aborted);
        return Results.Ok(new Part<SiteItem>(
            [.. sites.Select(s => Describe(s, documents.Entries.ContainsKey(s.Count.Key.Site)))],
            ListParameters.Next([.. sites.Select(s => s.Count)], query)));
    }

    private static SiteItem Describe(SiteStatus site, bool registered) => new(
        site.Count.Key.Site, site.Count.Viewers, site.Count.Peak, site.Count.PeakAt, site.Count.Arrivals, site.Count.Since, site.Pages, registered);

    private static async Task<IResult> GetAsync(
        string site, ICluster cluster, SiteAdministration sites, HttpContext context, CancellationToken aborted)
    {
        if (!Problems.TrySite(site, out var name, out var problem))
        {
            return problem;
        }

        var (settings, version) = await sites.FindAsync(name, aborted);
        var status = await cluster.GetAsync(CountKey.ForSite(name), aborted);
        if (version == 0 && status.Since is null)
        {
            return Problems.NotFound($"{name} has never had a viewer, and it has no settings.");
        }

        Preconditions.Tag(context, version);
        return Results.Ok(Describe(status, settings, version));
    }

    private static SiteAnswer Describe(CountStatus status, SiteSettings settings, long version) => new(
        status.Key.Site, status.Viewers, status.Peak, status.PeakAt, status.Arrivals, status.Since, version != 0, settings);

    private static async Task<IResult> PutAsync(
        string site, SiteSettings settings, SiteAdministration sites, ICluster cluster, HttpContext context, ClaimsPrincipal user,
        CancellationToken aborted)
    {
        if (!Problems.TrySite(site, out var name, out var problem))
        {
            return problem;
        }

        var isNew = (await sites.FindAsync(name, aborted)).Version == 0;
        var result = await sites.PutAsync(name, settings, context.Request, KeyAuthentication.Holder(user), aborted);
        return await AnswerAsync(name, result, isNew, cluster, context, aborted);
    }

    private static async Task<IResult> PatchAsync(
        string site, JsonObject? patch, SiteAdministration sites, ICluster cluster, HttpContext context, ClaimsPrincipal user,
        CancellationToken aborted)
    {
        if (!Problems.TrySite(site, out var name, out var problem))
        {
            return problem;
        }

        var isNew = (await sites.FindAsync(name, aborted)).Version == 0;
        var result = await sites.PatchAsync(name, patch, context.Request, KeyAuthentication.Holder(user), aborted);
        return await AnswerAsync(name, result, isNew, cluster, context, aborted);
    }

    private static async Task<IResult> AnswerAsync(
        string name, (IResult? Problem, SiteSettings Stored, long Version) result, bool isNew, ICluster cluster, HttpContext context, CancellationToken aborted)
    {
        var (refusal, stored, version) = result;
        if (refusal is not null)
        {
            return refusal;
        }

        Preconditions.Tag(context, version);
        var answer = Describe(await cluster.GetAsync(CountKey.ForSite(name), aborted), stored, version);
        return isNew ? Results.Created($"/api/v1/sites/{Uri.EscapeDataString(name)}", answer) : Results.Ok(answer);
    }

    private static async Task<IResult> DeleteAsync(
        string site, SiteAdministration sites, KeyStore keys, HttpRequest request, ClaimsPrincipal user, CancellationToken aborted) =>
        Problems.TrySite(site, out var name, out var problem)
            ? await sites.DeleteAsync(name, request, keys, KeyAuthentication.Holder(user), aborted) ?? Results.NoContent()
            : problem;

    private static async Task<IResult> GetHistoryAsync(
        string site, [AsParameters] HistoryParameters history, ICluster cluster, TimeProvider clock, HttpContext context) =>
        Problems.TrySite(site, out var name, out var problem)
            ? await history.AnswerAsync(CountKey.ForSite(name), cluster, clock, context)
            : problem;

    private static async Task<IResult> ResetAsync(
        string site, ICluster cluster, AuditLog audit, ClaimsPrincipal user, CancellationToken aborted)
    {
        if (!Problems.TrySite(site, out var name, out var problem))
        {
            return problem;
        }

        if ((await cluster.GetAsync(CountKey.ForSite(name), aborted)).Since is null)
        {
            return Problems.NotFound($"{name} has never had a viewer.");
        }

        // This cannot be undone, so it comes after the entry in the audit log.
        await audit.TryChangeAsync(KeyAuthentication.Holder(user), "site.reset", new(name), [], aborted);
        await cluster.ResetAsync(CountKey.ForSite(name), aborted);
        return Results.NoContent();
    }
}
