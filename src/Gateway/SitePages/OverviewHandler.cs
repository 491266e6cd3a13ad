using Counter.Gateway.Admin;
using Counter.Gateway.SitePages.Pages;
using Microsoft.AspNetCore.Http.Extensions;

namespace Counter.Gateway.SitePages;

/// <summary>Answers <c>/sites/{site}</c>: the numbers, charts, pages and polls of a site.</summary>
internal static class OverviewHandler
{
    /// <summary>Shows the page.</summary>
    public static async Task ShowAsync(HttpContext context, string site)
    {
        if (await SiteVisit.ReadAsync(context, site) is not { } visit)
        {
            return;
        }

        var numbers = await visit.GetAsync("/sites/{site}");
        var overview = new Overview(visit, context.Request.Query) { Now = context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow() };
        var pages = await visit.GetAsync("/sites/{site}/pages", overview.List.ForApi);
        overview.Numbers = numbers.IsSuccess ? numbers.Read<SiteAnswer>() : null;
        overview.Pages = pages.IsSuccess ? pages.Read<Part<PageItem>>() : overview.Pages;

        // Anybody can begin a poll by a vote. Without a key only those are listed that a key of the site made.
        overview.Polls = [.. context.RequestServices.GetRequiredService<SitePolls>().Of(visit.Site).Where(poll => poll.Registered || visit.HasKey)];
        overview.Problem = pages.Problem;
        await visit.SendAsync<OverviewPage>(pages.Problem, new() { [nameof(OverviewPage.Shown)] = overview });
    }

    /// <summary>Sends the history of the site as CSV.</summary>
    public static async Task SendHistoryAsync(HttpContext context, string site)
    {
        if (await SiteVisit.ReadAsync(context, site) is not { } visit)
        {
            return;
        }

        var answer = await visit.GetAsync("/sites/{site}/history", Passed(context.Request.Query, "step", "from", "to").Add("format", "csv"));
        var response = context.Response;
        (response.StatusCode, response.ContentType, response.ContentLength) = (answer.Status, answer.ContentType, answer.Body.Length);
        response.Headers.CacheControl = "no-store";
        if (answer.IsSuccess)
        {
            response.Headers.ContentDisposition = $"attachment; filename=\"{visit.Site.Replace(':', '-')}.csv\"";
        }

        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await response.Body.WriteAsync(answer.Body, context.RequestAborted);
        }
    }

    private static QueryString Passed(IQueryCollection query, params string[] names) =>
        new QueryBuilder(names.Where(query.ContainsKey).Select(name => KeyValuePair.Create(name, query[name].LastOrDefault() ?? ""))).ToQueryString();
}
