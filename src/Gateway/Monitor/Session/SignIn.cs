using Counter.Gateway.Admin.Keys;
using Counter.Gateway.Documents;
using Counter.Gateway.Html;
using Counter.Gateway.Monitor.Pages;
using Microsoft.AspNetCore.Authentication;

namespace Counter.Gateway.Monitor.Session;

/// <summary>The form that accepts an operator's key and begins a session.</summary>
internal static class SignIn
{
    private const string Key = "key";
    private const string NoScript = "noscript";

    /// <summary>Shows the form.</summary>
    /// <param name="context">The request.</param>
    /// <param name="pages">Renders the form.</param>
    /// <param name="problem">The problem with the last attempt; null for none.</param>
    /// <param name="noScript">Whether the form leads to the monitor without script.</param>
    public static Task ShowAsync(HttpContext context, PageRenderer pages, string? problem, bool noScript) => pages.SendAsync<SignInPage>(
        context,
        MonitorPages.SignIn,
        new Dictionary<string, object?> { [nameof(SignInPage.Problem)] = problem, [nameof(SignInPage.NoScript)] = noScript });

    /// <summary>Handles the posted form.</summary>
    public static async Task TakeAsync(HttpContext context, PageRenderer pages, KeyStore keys, FailedKeyLimit wrong)
    {
        var form = await Form.ReadAsync(context);
        var noScript = form[NoScript] == "1";
        if (wrong.IsLockedOut(context))
        {
            context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            context.Response.Headers.RetryAfter = "60";
            await ShowAsync(context, pages, "Too many wrong keys came from your address. Wait a minute, then try again with the right one.", noScript);
            return;
        }

        var holder = await keys.VerifyAsync(form[Key].ToString().Trim(), context.RequestAborted);
        if (holder is not { Role: KeyRole.Operator })
        {
            if (holder is null)
            {
                wrong.Note(context);
            }

            context.Response.StatusCode = holder is null ? StatusCodes.Status401Unauthorized : StatusCodes.Status403Forbidden;
            await ShowAsync(
                context,
                pages,
                holder is null
                    ? "This key is not known. It is mistyped, or it was revoked."
                    : "This key is valid only for one site or channel. The monitor shows all of them and needs an operator’s key.",
                noScript);
            return;
        }

        await context.SignInAsync(SessionCookie.SchemeName, SessionCookie.Begin(holder));
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = noScript ? "/monitor?noscript=1" : "/monitor";
    }

    /// <summary>Ends the session, in all windows of the browser.</summary>
    public static async Task SignOutAsync(HttpContext context, MonitorViewers viewers, EndedSessions ended)
    {
        var session = await context.AuthenticateAsync(SessionCookie.SchemeName);
        if (SessionCookie.NameOf(session.Principal) is { } name)
        {
            ended.Add(name);

            // Only after the response deletes the cookie, because the windows then reload the page.
            context.Response.OnCompleted(() =>
            {
                viewers.SignOut(name);
                return Task.CompletedTask;
            });
        }

        await context.SignOutAsync(SessionCookie.SchemeName);
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = "/monitor";
    }
}
