using Counter.Counting.Cluster;
using Counter.Counting.Play;
using Counter.Gateway.Html;
using Counter.Gateway.Http;
using Counter.Gateway.Network;
using Counter.Gateway.Operations;
using Counter.Gateway.Play.Pages;
using Counter.Gateway.Play.Pictures;
using Counter.Gateway.Visitors;
using Microsoft.Extensions.Options;

namespace Counter.Gateway.Play;

/// <summary>Answers requests for the pages of the game, and clicks on them.</summary>
/// <remarks>
/// A click sends a form, and its answer is 204 into a hidden frame. Only this way do Chromium, Firefox and WebKit all leave the page's
/// pictures open (docs/clicks.md). A GET changes nothing, except that the open picture of a player marks the player as present.
/// </remarks>
internal sealed class PlayHandler(LocalTables tables, PageRenderer pages, DailySalt salt, IOptions<PlayOptions> options, CounterMetrics metrics)
{
    private const string Off = "The operator has switched the game off (Play:Tables is 0).";

    private const string Ended = "This table has ended or never existed. Begin another.";

    /// <summary>The error while the cluster does not answer.</summary>
    public const string NotReached = "The tables cannot be reached at the moment. Reload the page soon.";

    private bool IsOff => options.Value.Tables == 0;

    /// <summary>Sends the page where a game begins.</summary>
    public Task ShowLobbyAsync(HttpContext context) => IsOff ? RefuseOffAsync(context) : SendLobbyAsync(context, problem: null);

    /// <summary>Begins a table, with the sender of the request as a player.</summary>
    public Task BeginAsync(HttpContext context)
    {
        if (!SameOrigin.IsPossible(context.Request))
        {
            return RefuseAsync(context);
        }

        if (IsOff)
        {
            return RefuseOffAsync(context);
        }

        return OrNotReachedAsync(context, () => TryBeginAsync(context));
    }

    /// <summary>Sends the page of a table.</summary>
    public Task ShowTableAsync(HttpContext context, string id) => OrNotReachedAsync(context, () => TryShowTableAsync(context, id));

    /// <summary>Answers a click at a table.</summary>
    public Task ClickAsync(HttpContext context, string id) =>
        SameOrigin.IsPossible(context.Request) ? OrNotReachedAsync(context, () => TryClickAsync(context, id)) : RefuseAsync(context);

    private async Task TryBeginAsync(HttpContext context)
    {
        // The secret is always made here for this request. An address with a secret could come from somebody else.
        var ticket = TableName.NewTicket();
        if (await tables.TryBeginAsync(ClientAddress.Of(context), ticket, BrowserOf(context), context.RequestAborted) is not { } id)
        {
            metrics.RequestRefused("tables");
            context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            await SendLobbyAsync(context, "There are too many tables at the moment. Wait a few minutes, or play at a table that you started.");
            return;
        }

        SendTo(context, AddressOf(id, ticket, inWords: false));
    }

    private async Task TryShowTableAsync(HttpContext context, string id)
    {
        var given = context.Request.Query["seat"].LastOrDefault();
        var ticket = TableName.TicketOf(given);
        var inWords = context.Request.Query["words"] == "1";
        var opening = ticket is null
            ? await tables.FindAsync(id, context.RequestAborted) is { } state ? new TableVisit(state, IsOwn: false) : null

            // A page in words has no picture whose end shows that the player has left. Its frame reloads every 5 seconds instead.
            : await tables.OpenAsync(id, ticket, BrowserOf(context), stays: inWords, context.RequestAborted);
        if (context.Request.Query["since"].LastOrDefault() is { } since)
        {
            await pages.SendAsync<TableStatus>(context, PlayPages.StatusFrame, new Dictionary<string, object?>
            {
                [nameof(TableStatus.Words)] = opening is null ? Ended : Scene.Of(opening.State, opening.IsOwn ? ticket : null).Words,
                [nameof(TableStatus.Since)] = since,
                [nameof(TableStatus.Announced)] = context.Request.Query["said"].LastOrDefault(),
                [nameof(TableStatus.Page)] = AddressOf(id, ticket, inWords: true),
            });
            return;
        }

        if (opening is null)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            await SendLobbyAsync(context, Ended);
            return;
        }

        var table = opening.State;
        if (given is not null && !opening.IsOwn)
        {
            // Either a player sent the address of their own page instead of the link, and this is another person. Or the player's network
            // changed, and the connection from the old network still seems open: so the page offers a way back.
            var to = AddressOf(id, null, inWords);
            SendTo(context, table.MarkOf(ticket) is null ? to : to + (inWords ? "&" : "?") + "back=" + ticket);
            return;
        }

        var back = ticket is null ? TableName.TicketOf(context.Request.Query["back"].LastOrDefault()) : null;
        context.Response.Headers["X-Robots-Tag"] = "noindex";
        await pages.SendAsync<TablePage>(context, PlayPages.Policy, new Dictionary<string, object?>
        {
            [nameof(TablePage.Address)] = AddressOf(id, null, inWords: false),
            [nameof(TablePage.Link)] = BaseAddress.Of(context.Request) + AddressOf(id, null, inWords: false),
            [nameof(TablePage.Ticket)] = ticket,
            [nameof(TablePage.Back)] = table.MarkOf(back) is null ? null : AddressOf(id, back, inWords),
            [nameof(TablePage.Scene)] = Scene.Of(table, ticket),
            [nameof(TablePage.InWords)] = inWords,
        });
    }

    private async Task TryClickAsync(HttpContext context, string id)
    {
        context.Response.Headers.CacheControl = "no-store";
        var form = await Form.ReadAsync(context);
        if (!Click.TryRead(form["do"].LastOrDefault(), out var click))
        {
            await Results.ValidationProblem(new Dictionary<string, string[]> { ["do"] = [Click.Allowed] }).ExecuteAsync(context);
            return;
        }

        var (ticket, next) = (TableName.TicketOf(form["seat"].LastOrDefault()), TableName.NewTicket());
        var answer = await tables.ClickAsync(id, new TableClick(click.Kind, click.Square, ticket, next, BrowserOf(context)), context.RequestAborted);
        if (answer is null)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            await SendLobbyAsync(context, Ended);
            return;
        }

        if (!answer.IsTaken)
        {
            metrics.RequestRefused("clicks");
            context.Response.Headers.RetryAfter = "1";
            await Results.Problem("There are too many clicks at this table. Wait a second.", statusCode: StatusCodes.Status429TooManyRequests).ExecuteAsync(context);
            return;
        }

        var inWords = form["words"] == "1";
        if (click.Kind == ClickKind.Sit)
        {
            // The page of a player has an address of its own, so the player can load it again and keeps the seat.
            SendTo(context, AddressOf(id, answer.State.MarkOf(next) is null ? null : next, inWords));
        }
        else if (click.Kind == ClickKind.Leave || inWords)
        {
            SendTo(context, AddressOf(id, click.Kind == ClickKind.Leave ? null : ticket, inWords));
        }
        else
        {
            // An illegal move gets the same answer. The picture shows the result.
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        }
    }

    private async Task OrNotReachedAsync(HttpContext context, Func<Task> answer)
    {
        try
        {
            await answer();
        }
        catch (ClusterUnavailableException)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            await SendLobbyAsync(context, NotReached);
        }
    }

    /// <summary>Identifies a browser: a keyed hash of its address and user agent, equal at all gateways.</summary>
    private ulong BrowserOf(HttpContext context) => salt.HashForGood($"play\n{ClientAddress.Of(context)}\n{context.Request.Headers.UserAgent}");

    private Task RefuseOffAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return SendLobbyAsync(context, Off);
    }

    private Task SendLobbyAsync(HttpContext context, string? problem) => pages.SendAsync<Lobby>(
        context, PlayPages.Policy, new Dictionary<string, object?> { [nameof(Lobby.Problem)] = problem, [nameof(Lobby.IsOff)] = IsOff });

    private static string AddressOf(string id, string? ticket, bool inWords) => $"/play/{id}" + (ticket, inWords) switch
    {
        (null, false) => "",
        (null, true) => "?words=1",
        (_, false) => "?seat=" + ticket,
        _ => $"?seat={ticket}&words=1",
    };

    private static void SendTo(HttpContext context, string address)
    {
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["Referrer-Policy"] = "same-origin";
        context.Response.Headers.Location = address;
    }

    private static Task RefuseAsync(HttpContext context) => Results.Problem(
        "This request came from a page of another site. Open /play itself. A proxy in between must pass on the Host header.",
        statusCode: StatusCodes.Status403Forbidden).ExecuteAsync(context);
}
