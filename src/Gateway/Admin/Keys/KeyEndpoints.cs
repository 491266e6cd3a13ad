using System.Security.Claims;
using Counter.Counting.Documents;
using Counter.Counting.Pages;
using Counter.Counting.Relay;
using Counter.Gateway.Documents;
using Counter.Gateway.Frames;
using Counter.Gateway.Http;

namespace Counter.Gateway.Admin.Keys;

/// <summary>A key to create.</summary>
/// <param name="Name">What it is for, 1 to 80 characters. It helps people to find the key to revoke.</param>
/// <param name="Role"><c>operator</c>, <c>manage</c>, <c>read</c> or <c>publish</c>.</param>
/// <param name="Site">The site of a <c>manage</c> or <c>read</c> key.</param>
/// <param name="Channel">The relay channel of a <c>publish</c> key.</param>
/// <param name="ExpiresAt">When it expires, such as 2027-01-01T00:00:00Z; null for never.</param>
internal sealed record NewKey(string? Name, KeyRole? Role, string? Site = null, string? Channel = null, DateTimeOffset? ExpiresAt = null);

/// <summary>A key in a list.</summary>
/// <param name="Id">The public part of the key.</param>
/// <param name="Name">What it is for.</param>
/// <param name="Role">What it may do.</param>
/// <param name="Scope">Its site or channel; empty for the operator.</param>
/// <param name="CreatedAt">When it was created.</param>
/// <param name="CreatedBy">Who created it.</param>
/// <param name="ExpiresAt">When it expires; null for never.</param>
/// <param name="LastUsedOn">The last day (UTC) on which it was used; null when it was never used.</param>
/// <param name="Key">The key itself. Only the answer that creates the key contains it.</param>
internal sealed record KeyAnswer(
    string Id, string Name, KeyRole Role, string Scope, DateTimeOffset CreatedAt, string CreatedBy, DateTimeOffset? ExpiresAt,
    DateOnly? LastUsedOn, string? Key = null);

/// <summary>The endpoints for keys. The operator has all keys, a manager of a site those of the site.</summary>
internal static class KeyEndpoints
{
    private const int LongestName = 80;
    private const int MostPerScope = 100;

    /// <summary>Maps <c>/keys</c>, for the operator.</summary>
    public static void MapKeys(this IEndpointRouteBuilder api)
    {
        var keys = api.MapGroup("/keys").RequireAuthorization(AccessPolicies.Operator).WithTags("Keys");
        keys.MapMethods("", HttpVerbs.Read, async (KeyStore ring, CancellationToken aborted) => await ListAsync(ring, _ => true, aborted))
            .WithSummary("All keys, never with the key itself.").Produces<Part<KeyAnswer>>();
        keys.MapPost("", (NewKey key, KeyStore ring, AuditLog audit, ClaimsPrincipal user, CancellationToken aborted) =>
                MakeAsync(key, ring, audit, user, aborted))
            .WithSummary("Creates a key. Only this answer shows it.")
            .Produces<KeyAnswer>(StatusCodes.Status201Created).ProducesValidationProblem().ProducesProblem(StatusCodes.Status409Conflict);
        keys.MapDelete("/{id}", (string id, KeyStore ring, AuditLog audit, ClaimsPrincipal user, CancellationToken aborted) =>
                RevokeAsync(id, _ => true, ring, audit, user, aborted))
            .WithSummary("Revokes a key at once.")
            .Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
    }

    /// <summary>Maps <c>/sites/{site}/keys</c>.</summary>
    public static void MapSiteKeys(this IEndpointRouteBuilder api)
    {
        var keys = api.MapGroup("/sites/{site}/keys").RequireAuthorization(AccessPolicies.ManageSite).WithTags("Keys");
        keys.MapMethods("", HttpVerbs.Read, async (string site, KeyStore ring, CancellationToken aborted) => Problems.TrySite(site, out var name, out var problem)
                ? await ListAsync(ring, IsOf(name), aborted) : problem)
            .WithSummary("The keys of a site.").Produces<Part<KeyAnswer>>();
        keys.MapPost("", async (string site, NewKey key, KeyStore ring, AuditLog audit, ClaimsPrincipal user, CancellationToken aborted) =>
                !Problems.TrySite(site, out var name, out var problem) ? problem
                : key.Role is not (KeyRole.Read or KeyRole.Manage) ? Problems.Invalid("role", "read or manage.")
                : await MakeAsync(key with { Site = name, Channel = null }, ring, audit, user, aborted))
            .WithSummary("Creates a key for a site. Only this answer shows it.")
            .Produces<KeyAnswer>(StatusCodes.Status201Created).ProducesValidationProblem().ProducesProblem(StatusCodes.Status409Conflict);
        keys.MapDelete("/{id}", async (string site, string id, KeyStore ring, AuditLog audit, ClaimsPrincipal user, CancellationToken aborted) =>
                Problems.TrySite(site, out var name, out var problem) ? await RevokeAsync(id, IsOf(name), ring, audit, user, aborted) : problem)
            .WithSummary("Revokes a key of a site at once.")
            .Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status404NotFound);
    }

    /// <summary>Returns a filter for the keys of a site.</summary>
    public static Func<KeyRecord, bool> IsOf(string site) =>
        key => key.Role is KeyRole.Read or KeyRole.Manage && key.Scope == site;

    private static KeyAnswer Describe(string id, KeyRecord key) =>
        new(id, key.Name, key.Role, key.Scope, key.CreatedAt, key.CreatedBy, key.ExpiresAt, key.LastUsedOn);

    private static async Task<IResult> ListAsync(KeyStore ring, Func<KeyRecord, bool> which, CancellationToken aborted)
    {
        var keys = await ring.ListAsync(aborted);
        return Results.Ok(new Part<KeyAnswer>([.. keys.Where(k => which(k.Record)).Select(k => Describe(k.Id, k.Record)).OrderBy(k => k.CreatedAt).ThenBy(k => k.Id)], null));
    }

    private static async Task<IResult> MakeAsync(NewKey asked, KeyStore ring, AuditLog audit, ClaimsPrincipal user, CancellationToken aborted)
    {
        if (!TryScope(asked, out var scope, out var errors))
        {
            return Problems.Invalid(errors);
        }

        var who = KeyAuthentication.Holder(user);
        if (await ring.ExplainExpiryAsync(asked.ExpiresAt, who, aborted) is { } allowed)
        {
            return Problems.Invalid("expiresAt", allowed);
        }

        var name = asked.Name!.Trim();
        var role = asked.Role!.Value;
        if ((await ring.ListAsync(aborted)).Count(k => k.Record.Scope == scope && (k.Record.Role == KeyRole.Publish) == (role == KeyRole.Publish)) >= MostPerScope)
        {
            return Problems.Conflict($"There are already {MostPerScope} such keys. Revoke one that is no longer needed.");
        }

        var (key, record, change) = ring.Make(name, role, scope, who.Signature, asked.ExpiresAt?.ToUniversalTime());
        if (await audit.TryChangeAsync(who, "key.create", new(record.Describe(key.Id), After: record.ForAudit()), [change], aborted) is null)
        {
            return Problems.Conflict("The key could not be created. Try again.");
        }

        return Results.Created((string?)null, Describe(key.Id, record) with { Key = key.ToString() });
    }

    private static bool TryScope(NewKey asked, out string scope, out Dictionary<string, string[]> errors)
    {
        errors = [];
        scope = "";
        // The audit log contains the name. It must not change the order of the text beside it.
        if (asked.Name?.Trim() is not { Length: > 0 and <= LongestName } name || !CleanText.Is(name)
            || name.EnumerateRunes().Any(rune => CleanText.IsDirection(rune) || CleanText.IsDirectionMark(rune)))
        {
            errors["name"] = [$"1 to {LongestName} characters that say what the key is for, without control characters and direction marks."];
        }

        switch (asked.Role)
        {
            case KeyRole.Operator:
                break;
            case KeyRole.Read or KeyRole.Manage when PageAddress.TryParseSite(asked.Site, PageLimits.Default, out var site, out _):
                scope = site;
                break;
            case KeyRole.Read or KeyRole.Manage:
                errors["site"] = ["The site that the key is for, such as example.com."];
                break;
            case KeyRole.Publish when asked.Channel is { } channel && ChannelName.IsValid(channel):
                scope = channel;
                break;
            case KeyRole.Publish:
                errors["channel"] = [ChannelName.Allowed];
                break;
            default:
                errors["role"] = ["operator, manage, read or publish."];
                break;
        }

        return errors.Count == 0;
    }

    private static async Task<IResult> RevokeAsync(
        string id, Func<KeyRecord, bool> which, KeyStore ring, AuditLog audit, ClaimsPrincipal user, CancellationToken aborted)
    {
        if (id.Length > IDocuments.LongestId || await ring.FindAsync(id, aborted) is not { } key || !which(key))
        {
            return Problems.NotFound("There is no such key: it may have been revoked already.");
        }

        if (key is { Role: KeyRole.Operator, ExpiresAt: null } && !await ring.HasOtherOperatorAsync(id, aborted))
        {
            return Problems.Conflict(
                "This is the last operator key that does not expire. Create another one first. Otherwise nobody could manage this installation.");
        }

        return await ring.TryRevokeAsync(id, key, KeyAuthentication.Holder(user), audit, aborted)
            ? Results.NoContent()
            : Problems.NotFound("It has just been revoked.");
    }
}
