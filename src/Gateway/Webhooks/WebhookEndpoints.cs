using System.Diagnostics.CodeAnalysis;
using Counter.Counting.Cluster;
using Counter.Counting.Webhooks;
using Counter.Gateway.Admin;
using Counter.Gateway.Admin.Keys;
using Counter.Gateway.Http;
using Microsoft.AspNetCore.Mvc;

namespace Counter.Gateway.Webhooks;

/// <summary>The admin API for the webhooks of a site.</summary>
internal static class WebhookEndpoints
{
    private const int MostBytes = 16 * 1024;

    /// <summary>Maps the endpoints below <c>/api/v1/sites/{site}/webhooks</c>.</summary>
    public static void MapWebhooks(this RouteGroupBuilder api)
    {
        var site = api.MapGroup("/sites/{site}/webhooks").WithTags("Webhooks");
        var read = site.MapGroup("").RequireAuthorization(AccessPolicies.ReadSite);
        read.MapMethods("", HttpVerbs.Read, ListAsync).WithSummary("The webhooks of a site by name, never with their secrets.")
            .Produces<Part<WebhookAnswer>>().ProducesValidationProblem();
        read.MapMethods("/{name}", HttpVerbs.Read, FindAsync).WithSummary("One webhook; its version is the ETag.")
            .Produces<WebhookAnswer>().ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound);
        read.MapMethods("/{name}/deliveries", HttpVerbs.Read, ListDeliveriesAsync)
            .WithSummary("The newest messages of a webhook, at most 50, with their states.")
            .Produces<Part<DeliveryAnswer>>().ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound);

        var manage = site.MapGroup("").RequireAuthorization(AccessPolicies.ManageSite);
        manage.MapPut("/{name}", PutAsync).WithMetadata(new RequestSizeLimitAttribute(MostBytes))
            .WithSummary("Creates a webhook and shows its secret only once, or changes it. A change needs If-Match with the ETag that was read.")
            .Produces<WebhookAnswer>().Produces<WebhookAnswer>(StatusCodes.Status201Created).ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status412PreconditionFailed)
            .ProducesProblem(StatusCodes.Status428PreconditionRequired);
        manage.MapDelete("/{name}", DeleteAsync).WithSummary("Deletes a webhook and its messages.")
            .Produces(StatusCodes.Status204NoContent).ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed);
        manage.MapPost("/{name}/rotate", RotateAsync)
            .WithSummary("Creates a new secret and shows it only once. The old one is not used any more.")
            .Produces<WebhookAnswer>().ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed);
        manage.MapPost("/{name}/test", TestAsync).WithSummary("Sends one message of the type viewers.test now, and returns the result.")
            .Produces<DeliveryAnswer>().ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status429TooManyRequests);
    }

    private static async Task<IResult> ListAsync(string site, WebhookSettings settings, CancellationToken aborted) =>
        TryId(site, null, out var id, out var refusal)
            ? Results.Ok(new Part<WebhookAnswer>([.. (await settings.ListAsync(id.Site, aborted)).Select(w => WebhookAnswer.Of(w.Id, w.Hook))], null))
            : refusal;

    private static async Task<IResult> FindAsync(string site, string name, WebhookSettings settings, HttpContext context)
    {
        if (!TryId(site, name, out var id, out var refusal))
        {
            return refusal;
        }

        var (hook, version) = await settings.FindAsync(id, context.RequestAborted);
        if (hook is null)
        {
            return NotThere;
        }

        Preconditions.Tag(context, version);
        return Results.Ok(WebhookAnswer.Of(id, hook));
    }

    private static async Task<IResult> ListDeliveriesAsync(string site, string name, OutboxStore outboxes, CancellationToken aborted) =>
        !TryId(site, name, out var id, out var refusal) ? refusal
        : await outboxes.FindAsync(id, aborted) is { } outbox
            ? Results.Ok(new Part<DeliveryAnswer>([.. outbox.Deliveries.Reverse().Select(DeliveryAnswer.Of)], null))
            : NotThere;

    private static async Task<IResult> PutAsync(string site, string name, WebhookRequest asked, WebhookSettings settings, HttpContext context)
    {
        if (!TryId(site, name, out var id, out var refusal))
        {
            return refusal;
        }

        var (before, version) = await settings.FindAsync(id, context.RequestAborted);
        if (Preconditions.Refuse(context.Request, version) is { } late)
        {
            return late;
        }

        if (!WebhookValidator.TryMake(asked, id.Site, before?.Secret ?? Signature.NewSecret(), out var hook, out var wrong))
        {
            return wrong;
        }

        var who = KeyAuthentication.Holder(context.User);
        if (before is not null)
        {
            return await settings.ChangeAsync(who, "webhook.change", id, before, hook, version, context.RequestAborted) is { } changed
                ? Tagged(context, changed, Results.Ok(WebhookAnswer.Of(id, hook)))
                : Preconditions.Changed();
        }

        var (added, hasRoom) = await settings.AddAsync(who, id, hook, context.RequestAborted);
        return !hasRoom
            ? Problems.Conflict($"There are {Webhook.MostOfSite} webhooks already. Delete one that is not needed.")
            : added is not { } first ? Preconditions.Changed("It exists already.")
            : Tagged(context, first, Results.Created((string?)null, WebhookAnswer.WithSecret(id, hook)));
    }

    private static async Task<IResult> DeleteAsync(string site, string name, WebhookSettings settings, HttpContext context)
    {
        var (id, before, version, refusal) = await FindToChangeAsync(site, name, settings, context);
        return before is null ? refusal!
            : await settings.DeleteAsync(KeyAuthentication.Holder(context.User), id, before, version, context.RequestAborted) ? Results.NoContent()
            : Preconditions.Changed();
    }

    private static async Task<IResult> RotateAsync(string site, string name, WebhookSettings settings, HttpContext context)
    {
        var (id, before, version, refusal) = await FindToChangeAsync(site, name, settings, context);
        if (before is null)
        {
            return refusal!;
        }

        var hook = before with { Secret = Signature.NewSecret() };
        var who = KeyAuthentication.Holder(context.User);
        return await settings.ChangeAsync(who, "webhook.rotate", id, before, hook, version, context.RequestAborted) is { } changed
            ? Tagged(context, changed, Results.Ok(WebhookAnswer.WithSecret(id, hook)))
            : Preconditions.Changed();
    }

    private static async Task<IResult> TestAsync(
        string site,
        string name,
        WebhookSettings settings,
        ICluster cluster,
        OutboxStore outboxes,
        DeliveryQueue deliveries,
        TimeProvider clock,
        CancellationToken aborted)
    {
        if (!TryId(site, name, out var id, out var refusal))
        {
            return refusal;
        }

        var (hook, _) = await settings.FindAsync(id, aborted);
        if (hook is null)
        {
            return NotThere;
        }

        var viewers = (await cluster.GetAsync(hook.Watches(id.Site), aborted)).Viewers;
        var test = Delivery.New(Delivery.Test, hook, viewers, clock.GetUtcNow());
        if (await outboxes.ChangeAsync(id, o => o.Test(test), aborted) is null)
        {
            return Results.Problem("The last test was a moment ago. Wait ten seconds.", statusCode: StatusCodes.Status429TooManyRequests);
        }

        if (deliveries.TrySend(id, test.Id, out var sending))
        {
            await sending.WaitAsync(aborted);
        }

        var result = (await outboxes.FindAsync(id, aborted))?.Find(test.Id);
        return result is null ? NotThere : Results.Ok(DeliveryAnswer.Of(result));
    }

    private static IResult NotThere => Problems.NotFound("There is no such webhook: it may have been deleted already.");

    /// <summary>Finds the webhook to change; null with the refusal.</summary>
    private static async Task<(WebhookId Id, Webhook? Hook, long Version, IResult? Refusal)> FindToChangeAsync(
        string site, string name, WebhookSettings settings, HttpContext context)
    {
        if (!TryId(site, name, out var id, out var refusal))
        {
            return (id, null, 0, refusal);
        }

        var (hook, version) = await settings.FindAsync(id, context.RequestAborted);
        var late = Preconditions.RefuseIfAsked(context.Request, version);
        return hook is null ? (id, null, 0, NotThere) : late is not null ? (id, null, 0, late) : (id, hook, version, null);
    }

    private static bool TryId(string site, string? name, out WebhookId id, [NotNullWhen(false)] out IResult? refusal)
    {
        id = Problems.TrySite(site, out var known, out refusal) ? new WebhookId(known, name ?? "") : default;
        refusal ??= name is null || WebhookId.IsName(name) ? null : Problems.Invalid("name", WebhookId.AllowedNames);
        return refusal is null;
    }

    private static IResult Tagged(HttpContext context, long version, IResult result)
    {
        Preconditions.Tag(context, version);
        return result;
    }
}
