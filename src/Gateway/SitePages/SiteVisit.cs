using System.Diagnostics.CodeAnalysis;
using Counter.Gateway.Admin;
using Counter.Gateway.Documents;
using Counter.Gateway.Html;
using Counter.Gateway.Http;
using Counter.Gateway.Operations;
using Counter.Gateway.Sessions;
using Counter.Gateway.Sites;
using Microsoft.AspNetCore.Components;

namespace Counter.Gateway.SitePages;

/// <summary>A request for a page of a site by somebody who may read it.</summary>
public sealed class SiteVisit
{
    private readonly HttpContext context;
    private readonly KeyHolder? holder;

    private SiteVisit(HttpContext context, string site, KeyHolder? holder) => (this.context, Site, this.holder) = (context, site, holder);

    public string Site { get; }

    /// <summary>The path of the page.</summary>
    public string Address => SiteAddress.Of(Site);

    public bool IsSignedIn => holder is not null;

    public bool IsOperator => holder?.Role == KeyRole.Operator;

    [MemberNotNullWhen(true, nameof(holder))]
    public bool HasKey => holder?.MayRead(Site) is true;

    public bool CanManage => holder?.MayManage(Site) is true;

    /// <summary>Opens a visit for reading: for keys that may read the site, and for everybody when the site is public.</summary>
    /// <returns>Null after a refusal was sent.</returns>
    internal static Task<SiteVisit?> ReadAsync(HttpContext context, string site) => OpenAsync(context, site, isManaging: false);

    /// <summary>Opens a visit for keys that may change the site.</summary>
    /// <returns>Null after a refusal was sent.</returns>
    internal static Task<SiteVisit?> ManageAsync(HttpContext context, string site) => OpenAsync(context, site, isManaging: true);

    /// <summary>Calls the admin API, for the site in place of <c>{site}</c>.</summary>
    internal Task<ApiAnswer> CallAsync(ApiCall call) => CallAsync(call, context.RequestAborted);

    /// <summary>Reads from the admin API. Without a key of the site the answer may be as old as <see cref="PublicAnswers.Fresh"/>.</summary>
    internal async Task<ApiAnswer> GetAsync(string pattern, QueryString query = default, string? name = null)
    {
        var call = new ApiCall(HttpMethods.Get, pattern, Named(name)) { Query = query };
        if (HasKey)
        {
            return await CallAsync(call);
        }

        var services = context.RequestServices;
        var question = new PublicQuestion(Site, pattern, name, query);
        var answer = await services.GetRequiredService<PublicAnswers>().GetAsync(question, () => CallAsync(call, CancellationToken.None), context.RequestAborted);
        if (answer is not null)
        {
            return answer;
        }

        services.GetRequiredService<CounterMetrics>().RequestRefused("searches");
        context.Response.Headers.RetryAfter = "1";
        return ApiAnswer.Of(new ApiProblem(
            StatusCodes.Status503ServiceUnavailable, "Many people search this site at present. Try again in a second.", Errors: null));
    }

    /// <summary>The values of a route with a <c>{name}</c>.</summary>
    internal static RouteValueDictionary Named(string? name) => name is null ? [] : new() { ["name"] = name };

    /// <summary>Sends a page, with the status of the problem that it shows.</summary>
    internal Task SendAsync<TPage>(ApiProblem? problem, Dictionary<string, object?> parameters)
        where TPage : IComponent
    {
        context.Response.StatusCode = problem?.Status ?? StatusCodes.Status200OK;
        parameters["Visit"] = this;
        return context.RequestServices.GetRequiredService<PageRenderer>().SendAsync<TPage>(context, SitePagesSetup.Policy, parameters);
    }

    /// <summary>Sends the browser on after a change.</summary>
    internal void GoTo(string address)
    {
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = address;
    }

    private Task<ApiAnswer> CallAsync(ApiCall call, CancellationToken cancellationToken)
    {
        call.Values["site"] = Site;

        // Whoever reads a public site without a key of it may do what its readers may. The pages with forms open for managers only.
        var reader = HasKey ? holder : new KeyHolder("public", "public", KeyRole.Read, Site);
        return context.RequestServices.GetRequiredService<ApiCaller>().CallAsync(context, reader, call, cancellationToken);
    }

    private static async Task<SiteVisit?> OpenAsync(HttpContext context, string siteText, bool isManaging)
    {
        var pages = context.RequestServices.GetRequiredService<PageRenderer>();
        if (!Problems.TrySite(siteText, out var site, out _))
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await pages.SendAsync<ProblemPage>(
                context,
                ProblemPage.Policy with { Caching = "no-store" },
                new() { [nameof(ProblemPage.Sentence)] = "A site is a host name such as example.com, of at most 200 characters." });
            return null;
        }

        var holder = SessionCookie.HolderOf(context.User);
        var visit = new SiteVisit(context, site, holder);
        if (isManaging ? visit.CanManage : visit.HasKey || context.RequestServices.GetRequiredService<SiteSettingsCache>().IsPublic(site))
        {
            return visit;
        }

        context.Response.StatusCode = holder is null ? StatusCodes.Status401Unauthorized : StatusCodes.Status403Forbidden;
        await SignIn.ShowAsync(context, pages, Explain(holder, site), site);
        return null;
    }

    [return: NotNullIfNotNull(nameof(holder))]
    private static string? Explain(KeyHolder? holder, string site) => holder is null ? null
        : holder.MayRead(site) ? "You have signed in with a key that may only read. This page needs one that may manage the site."
        : $"You have signed in with a key for {holder.Scope}. This page needs one for {site}.";
}
