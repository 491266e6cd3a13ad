using Counter.Gateway.Monitor.Session;
using Counter.Gateway.Pages;
using Counter.Gateway.Play.Elsewhere;
using Counter.Gateway.Play.Pages;
using Counter.Gateway.Streaming;
using Counter.Gateway.Visitors;
using Microsoft.Extensions.Options;

namespace Counter.Gateway.Play;

/// <summary>Answers those who play: the pages, and the clicks on them.</summary>
/// <remarks>
/// A click is a form, and its answer is 204 into a frame that is not seen: the only way on which Chromium, Firefox and WebKit all
/// leave the page's pictures open (docs/clicks.md). Nothing but opening a picture, which is being there, changes anything by a GET.
/// </remarks>
internal sealed class Playing(Tables tables, FarTables far, PageRenderer pages, DailySalt salt, IOptions<PlayOptions> options)
{
    private const string Off = "Nobody plays here: whoever runs this has switched the game off (Play:Tables is 0).";

    private const string Ended = "That table has ended, or there never was one. Begin another.";

    /// <summary>What those are told whose table is at a gateway that is not heard.</summary>
    public const string NotReached = "That table is at a gateway that does not answer at present. Load the page again in a moment, or begin another.";

    private bool IsOff => options.Value.Tables == 0;

    /// <summary>Where a game begins.</summary>
    public Task ShowLobbyAsync(HttpContext context) => IsOff ? RefuseOffAsync(context) : SendLobbyAsync(context, problem: null);

    /// <summary>Begins a table. Whoever does sits there.</summary>
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

        if (tables.TryBegin(ClientAddress.Of(context)) is not { } table)
        {
            context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            return SendLobbyAsync(context, "There are too many tables at present. Wait for some minutes, or play at one that you have begun.");
        }

        Sit(context, table, Asker.Of(context, salt), inWords: false);
        return Task.CompletedTask;
    }

    /// <summary>A table as a page.</summary>
    public Task ShowTableAsync(HttpContext context, string id) =>
        far.AreAt(id) ? PassOnAsync(context, id) : ShowTableAsync(context, id, Asker.Of(context, salt));

    /// <summary>Somebody presses something at a table.</summary>
    public Task ClickAsync(HttpContext context, string id) =>
        !SameOrigin.IsPossible(context.Request) ? RefuseAsync(context)
        : far.AreAt(id) ? PassOnAsync(context, id)
        : ClickAsync(context, id, Asker.Of(context, salt));

    /// <summary>Somebody asks for, or presses something at, a table that is here, through another gateway.</summary>
    public Task AnswerGatewayAsync(HttpContext context, string id) => HttpMethods.IsPost(context.Request.Method)
        ? ClickAsync(context, id, Asker.Read(context.Request))
        : ShowTableAsync(context, id, Asker.Read(context.Request));

    private Task ShowTableAsync(HttpContext context, string id, Asker asker)
    {
        if (tables.Find(id) is not { } table)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return SendLobbyAsync(context, Ended);
        }

        var given = context.Request.Query["seat"].LastOrDefault();
        var ticket = TableName.TicketOf(given);
        var inWords = context.Request.Query["words"] == "1";
        if (given is not null && !table.Read(t => t.MarkOf(ticket) is { } mark && t[mark].TryOpen(asker.Browser)))
        {
            // Somebody sent the address of their own page, not the link, and whoever gets it is somebody else. Or the player's network
            // changed, and the line from the old one is not known to be dead: so there is a way back.
            var to = AddressOf(id, null, inWords);
            SendTo(context, table.Read(t => t.MarkOf(ticket)) is null ? to : to + (inWords ? "&" : "?") + "back=" + ticket);
            return Task.CompletedTask;
        }

        if (inWords && ticket is not null)
        {
            // There is no picture whose end would tell that the player has left; the page asks again every few seconds.
            table.Change((t, now) => t.TryStay(ticket, now));
        }

        var back = ticket is null ? TableName.TicketOf(context.Request.Query["back"].LastOrDefault()) : null;
        context.Response.Headers["X-Robots-Tag"] = "noindex";
        return pages.SendAsync<TablePage>(context, PlayPages.Policy, new Dictionary<string, object?>
        {
            [nameof(TablePage.Address)] = AddressOf(id, null, inWords: false),
            [nameof(TablePage.Link)] = asker.Base + AddressOf(id, null, inWords: false),
            [nameof(TablePage.Ticket)] = ticket,
            [nameof(TablePage.Back)] = table.Read(t => t.MarkOf(back)) is null ? null : AddressOf(id, back, inWords),
            [nameof(TablePage.Scene)] = table.SceneFor(ticket),
            [nameof(TablePage.InWords)] = inWords,
        });
    }

    private async Task ClickAsync(HttpContext context, string id, Asker asker)
    {
        context.Response.Headers.CacheControl = "no-store";
        var form = await Form.ReadAsync(context);
        if (!Click.TryRead(form["do"].LastOrDefault(), out var click))
        {
            await Results.ValidationProblem(new Dictionary<string, string[]> { ["do"] = [Click.Allowed] }).ExecuteAsync(context);
            return;
        }

        if (tables.Find(id) is not { } table)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            await SendLobbyAsync(context, Ended);
            return;
        }

        var ticket = TableName.TicketOf(form["seat"].LastOrDefault());
        if (!table.TryClick(ticket, options.Value.ClicksPerSecond))
        {
            context.Response.Headers.RetryAfter = "1";
            await Results.Problem("Too many clicks came to this table. Wait a second.", statusCode: StatusCodes.Status429TooManyRequests).ExecuteAsync(context);
            return;
        }

        var inWords = form["words"] == "1";
        switch (click.Kind)
        {
            case ClickKind.Sit:
                Sit(context, table, asker, inWords);
                return;
            case ClickKind.Leave:
                table.Change((t, _) => ticket is not null && t.TryLeave(ticket));
                SendTo(context, AddressOf(id, null, inWords));
                return;
            case ClickKind.Again:
                table.Change((t, now) => ticket is not null && t.TryPlayAgain(ticket, now));
                break;
            default:
                table.Change((t, now) => ticket is not null && t.TryPlay(ticket, click.Square, now));
                break;
        }

        // A click that was no move gets the same answer: what it came to is in the picture.
        if (inWords)
        {
            SendTo(context, AddressOf(id, ticket, inWords));
            return;
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    /// <summary>Sits somebody down, whose page then has an address of its own: so it can be loaded again and is still theirs.</summary>
    private static void Sit(HttpContext context, LiveTable table, Asker asker, bool inWords)
    {
        // The secret is made here and for whoever asks, never taken from an address that somebody else could have sent.
        var ticket = TableName.NewTicket();
        var sits = table.Change((t, now) => t.TrySit(ticket, asker.Browser, now));
        SendTo(context, AddressOf(table.Id, sits ? ticket : null, inWords));
    }

    private async Task PassOnAsync(HttpContext context, string id)
    {
        if (!await far.TryPassOnAsync(context, id))
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            await SendLobbyAsync(context, NotReached);
        }
    }

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
        "This request came from a page of another site. Open /play itself; a proxy in between must pass the Host header on.",
        statusCode: StatusCodes.Status403Forbidden).ExecuteAsync(context);
}
