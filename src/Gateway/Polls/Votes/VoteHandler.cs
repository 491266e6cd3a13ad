using System.Diagnostics.CodeAnalysis;
using Counter.Counting.Pages;
using Counter.Counting.Polls;
using Counter.Gateway.Frames;
using Counter.Gateway.Html;
using Counter.Gateway.Operations;
using Counter.Gateway.Polls.Pages;
using Counter.Gateway.Polls.Pictures;
using Counter.Gateway.Sites;
using Counter.Gateway.Streaming;
using Counter.Gateway.Visitors;

namespace Counter.Gateway.Polls.Votes;

/// <summary>Answers votes. Only a POST changes anything, so nobody votes by following a link.</summary>
internal sealed class VoteHandler(
    PollRequests requests, VoteClient votes, VoterIdentity voters, VoteToken token, SiteSettingsCache sites, PollBroadcasts screens,
    PageRenderer pages, FrameCache frames, CounterMetrics metrics)
{
    private static readonly Refusal NotAForm = Refusal.Of(
        StatusCodes.Status415UnsupportedMediaType, "A vote is a form: answer=… as application/x-www-form-urlencoded.");

    private static readonly Refusal NotOurs = Refusal.Of(
        StatusCodes.Status403Forbidden, "This page was open for too long, is not where this poll belongs, or your network changed. Load it again, and click once more.");

    private static readonly Refusal TooOften = Refusal.Of(
        StatusCodes.Status429TooManyRequests, "Too many votes came from your address. Wait a minute.");

    private static readonly Refusal TooManyNew = Refusal.Of(
        StatusCodes.Status429TooManyRequests, "Too many new polls were started from your address. Wait a few minutes, or vote in another poll.");

    private static readonly Refusal Indistinct = Refusal.Of(
        StatusCodes.Status403Forbidden,
        "This vote came through a proxy that is not in Proxies:Trusted, so voters cannot be distinguished. The operator can add the proxy there.");

    /// <summary>Takes a vote: <c>answer</c> in a form with a <c>token</c>, or in a form on a page of the poll's own site.</summary>
    public async Task SendAsync(HttpContext context, string name, PollForm form)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (!requests.TryRead(context.Request, name, form, ImageFormat.Svg, out var poll, out var refusal)
            || !TryEnter(context, poll.Page.Site, out refusal))
        {
            await RefuseAsync(context, refusal);
            return;
        }

        IFormCollection fields;
        try
        {
            fields = await Form.ReadAsync(context);
        }
        catch (BadHttpRequestException e)
        {
            await RefuseAsync(context, Refusal.Of(e.StatusCode, e.Message));
            return;
        }

        var voter = voters.Describe(context, poll.Page.Site);
        var before = voters.Describe(context, poll.Page.Site, withCookie: false);
        if (!token.IsValid(fields["token"], poll.Id, voter)
            && !token.IsValid(fields["token"], poll.Id, before)
            && !ComesFrom(context.Request, poll.Page.Site))
        {
            await RefuseAsync(context, NotOurs);
            return;
        }

        if (!poll.Exists && !voters.TryBegin(context))
        {
            metrics.RequestRefused("new_polls");
            await RefuseAsync(context, TooManyNew);
            return;
        }

        // The picture may have been opened before midnight, or before the site's cookie was set.
        ulong[]? reveals = poll.Poll.Definition.Results == ResultsShown.AfterVoting
            ? [.. new[] { voter.Today, voter.Yesterday, before.Today, before.Yesterday }.Distinct()] : null;
        var end = await votes.CastAsync(poll, fields["answer"].ToString(), voter, reveals, context.RequestAborted);
        metrics.Voted(end);
        if (Why(end) is { } why)
        {
            await RefuseAsync(context, why);
            return;
        }

        foreach (var who in reveals ?? [])
        {
            screens.Reveal(new VoteQuestion(poll.Id, who));
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private bool TryEnter(HttpContext context, string site, [NotNullWhen(false)] out Refusal? refusal)
    {
        if (!voters.TryVote(context))
        {
            metrics.RequestRefused("votes");
            refusal = TooOften;
            return false;
        }

        refusal = !voters.CanIdentify(context, site) ? Indistinct
            : !context.Request.HasFormContentType ? NotAForm : null;
        return refusal is null;
    }

    /// <summary>Whether a page of the site sent this. Browsers set the Origin header, and no page can forge it.</summary>
    private bool ComesFrom(HttpRequest request, string site) =>
        request.Headers.Origin is [{ } origin] && PageAddress.TryParseSite(origin, PageLimits.Default, out var from, out _)
        && sites.Resolve(new PageKey(from, "/")).Site == site;

    private static Refusal? Why(VoteEnd end) => end switch
    {
        VoteEnd.Taken => null,
        VoteEnd.Closed => Refusal.Of(StatusCodes.Status409Conflict, "This poll is closed."),
        VoteEnd.TooManyHere => Refusal.Of(StatusCodes.Status429TooManyRequests, "Your address has reached its limit of voters for today."),
        VoteEnd.Full => Refusal.Of(StatusCodes.Status503ServiceUnavailable, "Too many people have voted today. Come back tomorrow."),
        VoteEnd.NotStored => Refusal.Of(
            StatusCodes.Status503ServiceUnavailable, "Your vote could not be stored in time. Check the numbers in a minute before you vote again."),
        VoteEnd.NoRoom => Refusal.Of(StatusCodes.Status503ServiceUnavailable, "This site has reached its limit of polls. Its operator can delete some."),
        _ => Refusal.Of(StatusCodes.Status400BadRequest, "This poll has no such answer. It may have changed. Load the page again."),
    };

    /// <summary>Sends the reason of a refusal: to people as a notice over the buttons, to programs as problem details.</summary>
    private Task RefuseAsync(HttpContext context, Refusal refusal)
    {
        context.Response.StatusCode = refusal.Status;
        return Client.WantsPage(context.Request)
            ? pages.SendAsync<VoteNotice>(context, PollPages.Notice, new() { [nameof(VoteNotice.Sentence)] = refusal.Sentence })
            : refusal.SendAsync(context, frames, format: null);
    }
}
