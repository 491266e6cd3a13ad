using Counter.Counting.Pages;
using Counter.Gateway.Admin.Keys;
using Counter.Gateway.Documents;
using Counter.Gateway.Html;
using Counter.Gateway.Http;
using Counter.Gateway.Sessions.Pages;
using Microsoft.AspNetCore.Authentication;

namespace Counter.Gateway.Sessions;

/// <summary>The form that accepts a key of the operator or of a site and begins a session.</summary>
internal static class SignIn
{
    private const string Key = "key";
    private const string Site = "site";
    private const string NoScript = "noscript";

    private static readonly PagePolicy Policy = SessionPages.Policy(own: null);

    /// <summary>Shows the form.</summary>
    /// <param name="context">The request.</param>
    /// <param name="pages">Renders the form.</param>
    /// <param name="problem">The problem with the last attempt; null for none.</param>
    /// <param name="site">The site whose page was requested; null for the monitor.</param>
    /// <param name="noScript">Whether the form leads to the monitor without script.</param>
    public static Task ShowAsync(HttpContext context, PageRenderer pages, string? problem, string? site, bool noScript = false) =>
        pages.SendAsync<SignInPage>(
            context,
            Policy,
            new Dictionary<string, object?>
            {
                [nameof(SignInPage.Problem)] = problem,
                [nameof(SignInPage.Site)] = site,
                [nameof(SignInPage.NoScript)] = noScript,
            });

    /// <summary>Handles the posted form.</summary>
    public static async Task TakeAsync(HttpContext context, PageRenderer pages, KeyStore keys, FailedKeyLimit wrong)
    {
        var form = await Form.ReadAsync(context);
        var noScript = form[NoScript] == "1";
        var site = PageAddress.TryParseSite(form[Site], PageLimits.Default, out var asked, out _) ? asked : null;
        if (wrong.IsLockedOut(context))
        {
            context.Response.Headers.RetryAfter = "60";
            await RefuseAsync(
                StatusCodes.Status429TooManyRequests, "Too many wrong keys came from your address. Wait a minute, then try again with the right one.");
            return;
        }

        var (holder, isExpired) = await keys.VerifyAsync(form[Key].ToString().Trim(), context.RequestAborted);
        if (isExpired)
        {
            await RefuseAsync(StatusCodes.Status401Unauthorized, "This key has expired. Sign in with another one.");
            return;
        }

        if (holder is null)
        {
            wrong.Record(context);
            await RefuseAsync(StatusCodes.Status401Unauthorized, "This key is unknown. It was mistyped or revoked.");
            return;
        }

        if (holder.Role == KeyRole.Publish)
        {
            await RefuseAsync(StatusCodes.Status403Forbidden, "This key is valid only for a relay channel, which has no page.");
            return;
        }

        await context.SignInAsync(SessionCookie.SchemeName, SessionCookie.Begin(holder));
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = site is not null && holder.MayRead(site) ? SiteAddress.Of(site)
            : holder.Role != KeyRole.Operator ? SiteAddress.Of(holder.Scope)
            : noScript ? "/monitor?noscript=1" : "/monitor";

        Task RefuseAsync(int status, string sentence)
        {
            context.Response.StatusCode = status;
            return ShowAsync(context, pages, sentence, site, noScript);
        }
    }

    /// <summary>Ends the session, in all windows of the browser.</summary>
    public static async Task SignOutAsync(HttpContext context, EndedSessions ended)
    {
        var session = await context.AuthenticateAsync(SessionCookie.SchemeName);
        if (SessionCookie.NameOf(session.Principal) is { } name)
        {
            ended.Add(name);

            // Only after the response deletes the cookie, because the windows then reload the page.
            context.Response.OnCompleted(() =>
            {
                ended.Announce(name);
                return Task.CompletedTask;
            });
        }

        await context.SignOutAsync(SessionCookie.SchemeName);
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = session.Principal is { } user && SessionCookie.HolderOf(user) is { Role: not KeyRole.Operator } holder
            ? SiteAddress.Of(holder.Scope)
            : "/monitor";
    }
}
