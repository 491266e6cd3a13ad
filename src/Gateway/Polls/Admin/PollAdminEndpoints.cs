using System.Diagnostics.CodeAnalysis;
using System.Security.Claims;
using Counter.Counting.Pages;
using Counter.Counting.Polls;
using Counter.Gateway.Admin;
using Counter.Gateway.Admin.Keys;
using Counter.Gateway.Http;
using Microsoft.AspNetCore.Mvc;

namespace Counter.Gateway.Polls.Admin;

/// <summary>The admin API for the polls of a site. A poll has an id; one that this API created also has its name and <c>?path=</c>.</summary>
internal static class PollAdminEndpoints
{
    private const int MostBytes = 16 * 1024;

    /// <summary>Maps the endpoints below <c>/api/v1/sites/{site}/polls</c>.</summary>
    public static void MapPollAdministration(this RouteGroupBuilder api)
    {
        var site = api.MapGroup("/sites/{site}/polls").WithTags("Polls");
        var read = site.MapGroup("").RequireAuthorization(AccessPolicies.ReadSite);
        read.MapMethods("", HttpVerbs.Read, ListAsync).WithSummary("The polls and rows of reactions of a site, and their votes.")
            .Produces<Part<PollAnswer>>().ProducesValidationProblem();
        read.MapMethods("/{poll}", HttpVerbs.Read, GetAsync)
            .WithSummary("One poll, by id, or by name and path. The ETag is that of its definition; votes do not change it.")
            .Produces<PollAnswer>().ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound);
        read.MapMethods("/{poll}/history", HttpVerbs.Read, GetHistoryAsync).WithSummary("The votes of a poll by day (UTC), of up to 400 days with votes, as JSON or CSV.")
            .Produces<PollHistory>().ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound);

        var manage = site.MapGroup("").RequireAuthorization(AccessPolicies.ManageSite);
        manage.MapPut("/{poll}", PutAsync).WithMetadata(new RequestSizeLimitAttribute(MostBytes))
            .WithSummary("Creates the poll of that name on a page, or changes it. A change needs If-Match with the ETag that was read.")
            .Produces<PollAnswer>().Produces<PollAnswer>(StatusCodes.Status201Created).ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status412PreconditionFailed)
            .ProducesProblem(StatusCodes.Status428PreconditionRequired);
        manage.MapPost("/{poll}/reset", ResetAsync).WithSummary("Deletes the votes of a poll and their history. Everyone may vote again.")
            .Produces<PollAnswer>().ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed);
        manage.MapDelete("/{poll}", DeleteAsync).WithSummary("Deletes a poll.")
            .Produces(StatusCodes.Status204NoContent).ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed);
    }

    private static async Task<IResult> ListAsync(string site, PollAdministration polls, CancellationToken aborted) =>
        Problems.TrySite(site, out var name, out var problem)
            ? Results.Ok(new Part<PollAnswer>(
                [.. (await polls.ListAsync(name, aborted)).Select(one => PollAnswer.Of(one.Id, one.Poll))], Next: null))
            : problem;

    private static async Task<IResult> GetAsync(string site, string poll, string? path, PollAdministration polls, HttpContext context)
    {
        if (!TryId(site, poll, path, out var id, out var problem))
        {
            return problem;
        }

        return await polls.FindAsync(id, context.RequestAborted) is { } found ? Answer(context, id, found.Value) : PollAdministration.NotThere;
    }

    private static async Task<IResult> GetHistoryAsync(
        string site, string poll, string? path, string? format, PollAdministration polls, CancellationToken aborted)
    {
        if (format is not (null or "" or "json" or "csv"))
        {
            return Problems.Invalid("format", "json or csv.");
        }

        if (!TryId(site, poll, path, out var id, out var problem))
        {
            return problem;
        }

        if ((await polls.FindAsync(id, aborted))?.Value is not { } found)
        {
            return PollAdministration.NotThere;
        }

        var past = await polls.PastAsync(id, aborted);
        var today = new DayVotes(found.Day, found.Today);
        var history = new PollHistory(found.Definition.Answers, found.Today.Any(votes => votes > 0) ? [.. past.Days, today] : past.Days);
        return format == "csv" ? Results.Text(history.Csv(), "text/csv; charset=utf-8; header=present") : Results.Ok(history);
    }

    private static async Task<IResult> PutAsync(
        string site, string poll, string? path, PollSettings settings, PollAdministration polls, HttpContext context, ClaimsPrincipal user)
    {
        if (!Problems.TryPage(site, path, out var page, out var problem))
        {
            return problem;
        }

        var definition = settings.Definition;
        var errors = PollValidator.Check(definition);
        if (!PollValidator.IsName(poll))
        {
            errors["poll"] = [PollValidator.NameAllowed];
        }

        if (errors.Count > 0)
        {
            return Problems.Invalid(errors);
        }

        var id = PollDefinition.Id(page.Site, page.Path, poll, asked: null);
        var (refusal, changed, isNew) = await polls.PutAsync(
            id, page.Path, poll, definition, context.Request, KeyAuthentication.Holder(user), context.RequestAborted);
        if (changed is null)
        {
            return refusal!;
        }

        var answer = Answer(context, id, changed);
        return isNew
            ? Results.Created($"/api/v1/sites/{page.Site}/polls/{id[(page.Site.Length + 1)..]}", PollAnswer.Of(id, changed))
            : answer;
    }

    private static async Task<IResult> ResetAsync(
        string site, string poll, string? path, PollAdministration polls, HttpContext context, ClaimsPrincipal user)
    {
        if (!TryId(site, poll, path, out var id, out var problem))
        {
            return problem;
        }

        var (refusal, changed) = await polls.ResetAsync(id, context.Request, KeyAuthentication.Holder(user), context.RequestAborted);
        return changed is null ? refusal! : Answer(context, id, changed);
    }

    private static async Task<IResult> DeleteAsync(
        string site, string poll, string? path, PollAdministration polls, HttpContext context, ClaimsPrincipal user) =>
        TryId(site, poll, path, out var id, out var problem)
            ? await polls.DeleteAsync(id, context.Request, KeyAuthentication.Holder(user), context.RequestAborted) ?? Results.NoContent()
            : problem;

    private static IResult Answer(HttpContext context, string id, Poll poll)
    {
        Preconditions.Tag(context, poll.Edition);
        return Results.Ok(PollAnswer.Of(id, poll));
    }

    private static bool TryId(string site, string poll, string? path, out string id, [NotNullWhen(false)] out IResult? problem)
    {
        id = "";
        if (path is not null)
        {
            if (!Problems.TryPage(site, path, out var page, out problem))
            {
                return false;
            }

            id = PollDefinition.Id(page.Site, page.Path, poll, asked: null);
            return true;
        }

        if (!Problems.TrySite(site, out var name, out problem))
        {
            return false;
        }

        // "none" is not hexadecimal, so no poll has this id and the answer is 404.
        id = $"{name}/{(poll.Length <= PageLimits.Default.Site && poll.All(char.IsAsciiHexDigit) ? poll : "none")}";
        return true;
    }
}
