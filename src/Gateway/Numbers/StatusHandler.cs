using System.Diagnostics.CodeAnalysis;
using Counter.Counting.Cluster;
using Counter.Counting.History;
using Counter.Counting.Pages;
using Counter.Gateway.Admin.Keys;
using Counter.Gateway.Cluster;
using Counter.Gateway.Frames;
using Counter.Gateway.Streaming;
using Counter.Gateway.Visitors;
using Microsoft.AspNetCore.Authentication;

namespace Counter.Gateway.Numbers;

/// <summary>Answers <c>/online.json</c>.</summary>
internal sealed class StatusHandler(
    NumberRequests requests, CurrentNumber current, ICluster cluster, PresenceClient presence, BotDetector bots, FrameCache frames,
    TimeProvider clock)
{
    /// <summary>Sends the numbers of several pages, or the status of one, and on request its history and the explanation of its number.</summary>
    public async Task SendAsync(HttpContext context)
    {
        if (!requests.TryRead(context.Request, out var request, out var list, out var refusal)
            || !TryStep(context.Request, out var step, out refusal))
        {
            await refusal.SendAsync(context, frames, format: null);
            return;
        }

        var explains = context.Request.Query["explain"] == "1";
        if (list is not null)
        {
            await (step is not null || explains
                ? Refusal.BadParameter(explains ? "explain" : "history", "Only where there is one page.").SendAsync(context, frames, format: null)
                : SendAsync(context, request.Page.Site, list));
            return;
        }

        if (explains && !await TryAuthorizeAsync(context, request.Page.Site))
        {
            return;
        }

        var aborted = context.RequestAborted;
        var page = CountKey.ForPage(request.Page);
        var site = CountKey.ForSite(request.Page.Site);
        var (todayOfPage, todayOfSite) = (TodayAsync(request.Page.Path), TodayAsync(""));
        var (status, whole, history) = await AskAsync(page, site, request.Shows.Path.Length > 0 ? page : site, step, aborted);
        var (viewers, live) = await current.GetKnownAsync(page, aborted, status);
        var siteViewers = (await current.GetKnownAsync(site, aborted, whole)).Viewers;
        var (today, siteToday) = (await todayOfPage, await todayOfSite);
        ResponseHeaders.ForStill(context.Response, "application/json; charset=utf-8");
        await context.Response.WriteAsJsonAsync(
            new OnlineStatus(
                request.Page.Site,
                request.Page.Path,
                viewers,
                siteViewers,
                (await current.GetKnownAsync(CountKey.ForVisitors(site.Site), aborted)).Viewers,
                status is null || !live || today is null || siteToday is null ? true : null,
                status is null ? null : Math.Max(status.Peak, viewers),
                status?.PeakAt,
                status?.Arrivals,
                status?.Since,
                today,
                whole is null ? null : Math.Max(whole.Peak, siteViewers),
                whole?.Arrivals,
                siteToday,
                history,
                explains ? await ExplainAsync(request.Page, aborted) : null),
            NumbersJson.Default.OnlineStatus,
            cancellationToken: aborted);

        async Task<long?> TodayAsync(string path) =>
            await current.GetKnownAsync(OnlineRequests.Today(context.Request.Query, request.Page.Site, path), aborted) is { Live: true } known ? known.Viewers : null;
    }

    private async Task SendAsync(HttpContext context, string site, PageList list)
    {
        var numbers = await current.GetKnownAsync(site, list.Numbers, context.RequestAborted);
        var isStale = numbers.Any(number => !number.Live);
        ResponseHeaders.ForStill(context.Response, "application/json; charset=utf-8");
        await context.Response.WriteAsJsonAsync(
            new OnlinePages(site, list.Name([.. numbers.Select(number => (DisplayedCount?)number)]), isStale ? true : null),
            NumbersJson.Default.OnlinePages,
            cancellationToken: context.RequestAborted);
    }

    /// <summary>Gets the status and history from the cluster. Null, without a wait, while it does not answer.</summary>
    private async ValueTask<(CountStatus? Page, CountStatus? Site, IReadOnlyList<HistoryPoint>? History)> AskAsync(
        CountKey page, CountKey site, CountKey past, HistoryStep? step, CancellationToken cancellationToken)
    {
        if (!presence.IsConnected)
        {
            return default;
        }

        try
        {
            var now = clock.GetUtcNow();
            return (
                await cluster.GetAsync(page, cancellationToken),
                await cluster.GetAsync(site, cancellationToken),
                step is { } width ? await cluster.GetHistoryAsync(past, width, now - width.Keep(), now, cancellationToken) : null);
        }
        catch (ClusterUnavailableException)
        {
            // The cluster connection has logged it.
            return default;
        }
    }

    private static bool TryStep(HttpRequest request, out HistoryStep? step, [NotNullWhen(false)] out Refusal? refusal)
    {
        step = null;
        refusal = null;
        if (request.Query["history"] is not [.., var history])
        {
            return true;
        }

        step = HistorySteps.Parse(history);
        refusal = step is null ? Refusal.BadParameter("history", "minute, hour or day.") : null;
        return step is not null;
    }

    /// <summary>
    /// Authorises a request whose key may read the site, and answers all others. The address of a request proves nothing: behind a proxy on this
    /// machine every request comes from this machine.
    /// </summary>
    private static async ValueTask<bool> TryAuthorizeAsync(HttpContext context, string site)
    {
        if ((await context.AuthenticateAsync(KeyAuthentication.SchemeName)).Principal is not { } user)
        {
            await context.ChallengeAsync(KeyAuthentication.SchemeName);
            return false;
        }

        if (!KeyAuthentication.Holder(user).MayRead(site))
        {
            await context.ForbidAsync(KeyAuthentication.SchemeName);
            return false;
        }

        return true;
    }

    private async ValueTask<Explanation> ExplainAsync(PageKey page, CancellationToken cancellationToken)
    {
        var (known, probes) = await cluster.ExplainAsync(page, cancellationToken);
        return new Explanation(known.Streams, known.Viewers, known.Suspected, known.Prerendered, bots.Seen(page), probes);
    }
}
