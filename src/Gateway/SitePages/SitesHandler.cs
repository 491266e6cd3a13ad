using Counter.Gateway.Admin;
using Counter.Gateway.Documents;
using Counter.Gateway.Html;
using Counter.Gateway.Http;
using Counter.Gateway.Sessions;
using Counter.Gateway.SitePages.Pages;

namespace Counter.Gateway.SitePages;

/// <summary>Answers <c>/sites</c>: the operator's way to the pages of all sites.</summary>
internal static class SitesHandler
{
    /// <summary>Shows the list; to the holder of a key for a site, the page of that site.</summary>
    public static async Task ShowAsync(HttpContext context, PageRenderer pages, ApiCaller api)
    {
        switch (SessionCookie.HolderOf(context.User))
        {
            case null:
                context.Response.StatusCode = StatusCodes.Status401Unauthorized;
                await SignIn.ShowAsync(context, pages, problem: null, site: null);
                break;
            case { Role: not KeyRole.Operator } holder:
                context.Response.Redirect(SiteAddress.Of(holder.Scope));
                break;
            case { } holder:
                await ShowAsync(context, pages, api, holder);
                break;
        }
    }

    private static async Task ShowAsync(HttpContext context, PageRenderer pages, ApiCaller api, KeyHolder holder)
    {
        var list = new ListQuery("/sites", context.Request.Query);
        var answer = await api.CallAsync(context, holder, new ApiCall(HttpMethods.Get, "/sites", []) { Query = list.ForApi }, context.RequestAborted);
        context.Response.StatusCode = answer.Status;
        var shown = new SiteList(list, answer.IsSuccess ? answer.Read<Part<SiteItem>>() : new([], null), answer.Problem);
        await pages.SendAsync<SitesPage>(context, SitePagesSetup.Policy, new() { [nameof(SitesPage.Shown)] = shown });
    }
}

/// <summary>A part of the list of sites.</summary>
public sealed class SiteList
{
    internal SiteList(ListQuery list, Part<SiteItem> sites, ApiProblem? problem) => (List, Sites, Problem) = (list, sites, problem);

    internal ListQuery List { get; }

    internal Part<SiteItem> Sites { get; }

    internal ApiProblem? Problem { get; }
}
