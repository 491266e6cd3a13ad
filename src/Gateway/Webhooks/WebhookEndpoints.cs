using Counter.Counting.Cluster;
using Counter.Counting.Pages;
using Counter.Gateway.Admin;
using Counter.Gateway.Admin.Keys;
using Microsoft.AspNetCore.Mvc;

namespace Counter.Gateway.Webhooks;

/// <summary>The webhooks of a site in the admin API.</summary>
internal static class WebhookEndpoints
{
    /// <summary>Maps them below <c>/api/v1/sites/{site}/webhooks</c>.</summary>
    public static void MapWebhooks(this RouteGroupBuilder site)
    {
        site.WithTags("Webhooks").AddEndpointFilter((context, next) =>
        {
            context.HttpContext.Response.Headers.CacheControl = "no-store";
            return next(context);
        });
        var read = site.MapGroup("").RequireAuthorization(Access.ReadSite);
        read.MapGet("", ListAsync).WithSummary("The webhooks of a site").Produces<WebhookList>(200).Refuses(400);
        read.MapGet("{name}", FindAsync).WithSummary("One webhook; the ETag is its version").Produces<WebhookAnswer>(200).Refuses(400, 404);
        read.MapGet("{name}/deliveries", ListDeliveriesAsync)
            .WithSummary("The newest 50 messages of a webhook and what became of them").Produces<DeliveryList>(200).Refuses(400, 404);

        var manage = site.MapGroup("").RequireAuthorization(Access.ManageSite);
        manage.MapPut("{name}", PutAsync)
            .WithSummary("Makes a webhook, and tells its secret this once, or changes it: send its ETag as If-Match")
            .Accepts<WebhookRequest>("application/json")
            .WithMetadata(new RequestSizeLimitAttribute(WebhookBody.MostBytes))
            .Produces<WebhookAnswer>(201).Produces<WebhookAnswer>(200).Refuses(400, 409, 412, 413, 415, 428);
        manage.MapDelete("{name}", DeleteAsync)
            .WithSummary("Deletes a webhook and its messages").Produces(204).Refuses(400, 404, 412);
        manage.MapPost("{name}/rotate", RotateAsync)
            .WithSummary("Makes a new secret, and tells it this once; the old one signs nothing any more")
            .Produces<WebhookAnswer>(200).Refuses(400, 404, 412);
        manage.MapPost("{name}/test", TestAsync)
            .WithSummary("Sends a message of the type viewers.test now, once, and tells how that went")
            .Produces<DeliveryAnswer>(200).Refuses(400, 404, 429);
    }

    private static async Task<IResult> ListAsync(string site, WebhookSettings settings, CancellationToken aborted) =>
        TryId(site, null, out var id, out var refusal)
            ? Results.Ok(new WebhookList([.. (await settings.ListAsync(id.Site, aborted)).Select(w => WebhookAnswer.Of(w.Id, w.Hook))]))
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

    private static async Task<IResult> ListDeliveriesAsync(string site, string name, Outboxes outboxes, CancellationToken aborted) =>
        !TryId(site, name, out var id, out var refusal) ? refusal
        : await outboxes.FindAsync(id, aborted) is { } outbox
            ? Results.Ok(new DeliveryList([.. outbox.Deliveries.Reverse().Select(DeliveryAnswer.Of)]))
            : NotThere;

    private static async Task<IResult> PutAsync(string site, string name, WebhookSettings settings, HttpContext context)
    {
        if (!TryId(site, name, out var id, out var refusal))
        {
            return refusal;
        }

        var (before, version) = await settings.FindAsync(id, context.RequestAborted);
        if (Preconditions.Refuse(context.Request, version, out var expected) is { } late)
        {
            return late;
        }

        var (asked, unreadable) = await WebhookBody.ReadAsync(context.Request);
        if (asked is null)
        {
            return unreadable!;
        }

        if (!WebhookBody.TryMake(asked, id.Site, before?.Secret ?? Signature.NewSecret(), out var hook, out var wrong))
        {
            return wrong;
        }

        var who = KeyAuthentication.Holder(context.User);
        if (before is not null)
        {
            return await settings.ChangeAsync(who, "webhook.change", id, hook, expected, context.RequestAborted) is { } changed
                ? Tagged(context, changed, Results.Ok(WebhookAnswer.Of(id, hook)))
                : Preconditions.Changed("Somebody changed it meanwhile.");
        }

        var (added, hasRoom) = await settings.AddAsync(who, id, hook, context.RequestAborted);
        return !hasRoom
            ? Results.Problem($"A site has at most {Webhook.MostOfSite} webhooks: delete one first.", statusCode: StatusCodes.Status409Conflict)
            : added is not { } first ? Preconditions.Changed("It is there already.")
            : Tagged(context, first, Results.Created((string?)null, WebhookAnswer.WithSecret(id, hook)));
    }

    private static async Task<IResult> DeleteAsync(string site, string name, WebhookSettings settings, HttpContext context)
    {
        var (id, before, version, refusal) = await FindToChangeAsync(site, name, settings, context);
        return before is null ? refusal!
            : await settings.DeleteAsync(KeyAuthentication.Holder(context.User), id, version, context.RequestAborted) ? Results.NoContent()
            : Preconditions.Changed("Somebody changed it meanwhile.");
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
        return await settings.ChangeAsync(who, "webhook.rotate", id, hook, version, context.RequestAborted) is { } changed
            ? Tagged(context, changed, Results.Ok(WebhookAnswer.WithSecret(id, hook)))
            : Preconditions.Changed("Somebody changed it meanwhile.");
    }

    private static async Task<IResult> TestAsync(
        string site,
        string name,
        WebhookSettings settings,
        ICluster cluster,
        Outboxes outboxes,
        Deliveries deliveries,
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

        if (deliveries.Send(id, test.Id) is { } sending)
        {
            await sending.WaitAsync(aborted);
        }

        var result = (await outboxes.FindAsync(id, aborted))?.Find(test.Id);
        return result is null ? NotThere : Results.Ok(DeliveryAnswer.Of(result));
    }

    private static IResult NotThere => Results.Problem(
        "There is no webhook of this name. GET …/webhooks lists those that there are.", statusCode: StatusCodes.Status404NotFound);

    /// <summary>A change that need not say which version it is meant for, but may.</summary>
    private static async Task<(WebhookId Id, Webhook? Hook, long Version, IResult? Refusal)> FindToChangeAsync(
        string site, string name, WebhookSettings settings, HttpContext context)
    {
        if (!TryId(site, name, out var id, out var refusal))
        {
            return (id, null, 0, refusal);
        }

        var (hook, version) = await settings.FindAsync(id, context.RequestAborted);
        var late = context.Request.Headers.IfMatch.Count > 0 ? Preconditions.Refuse(context.Request, version, out _) : null;
        return hook is null ? (id, null, 0, NotThere) : late is not null ? (id, null, 0, late) : (id, hook, version, null);
    }

    private static bool TryId(
        string site, string? name, out WebhookId id, [System.Diagnostics.CodeAnalysis.NotNullWhen(false)] out IResult? refusal)
    {
        id = default;
        refusal = !PageAddress.TryParseSite(site, PageLimits.Default, out var known, out _)
            ? WebhookBody.Wrong("site", "A host name such as example.com.")
            : name is not null && !WebhookId.IsName(name) ? WebhookBody.Wrong("name", WebhookId.AllowedNames)
            : null;
        id = refusal is null ? new WebhookId(known!, name ?? "") : default;
        return refusal is null;
    }

    private static IResult Tagged(HttpContext context, long version, IResult result)
    {
        Preconditions.Tag(context, version);
        return result;
    }

    private static RouteHandlerBuilder Refuses(this RouteHandlerBuilder endpoint, params int[] problems)
    {
        foreach (var problem in (int[])[.. problems, 401, 403])
        {
            _ = problem == 400 ? endpoint.ProducesValidationProblem() : endpoint.ProducesProblem(problem);
        }

        return endpoint;
    }
}
