using System.Security.Claims;
using Counter.Counting.Cluster;
using Counter.Gateway.Admin.Keys;
using Counter.Gateway.Documents;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;

namespace Counter.Gateway.Sessions;

/// <summary>The session of the monitor and of the pages of sites: a cookie that contains the id of the key, not the key.</summary>
internal static class SessionCookie
{
    /// <summary>The name of the authentication scheme.</summary>
    public const string SchemeName = "Session";

    /// <summary>The authorization policy that requires an operator's session.</summary>
    public const string Operator = "monitor";

    /// <summary>
    /// The authorization policy that requires an operator's session or an operator's key. Programs and players have no session.
    /// </summary>
    public const string OrKey = "monitor or key";

    /// <summary>The authorization policy that everybody passes. It sets the user of a session.</summary>
    public const string Anybody = "anybody";

    /// <summary>The name of the cookie.</summary>
    public const string Name = "counter-session";

    /// <summary>The lifetime of a session. Use does not extend it.</summary>
    public static readonly TimeSpan Lasts = TimeSpan.FromHours(12);

    /// <summary>Adds the cookie, and the keys that sign it, which all gateways share.</summary>
    public static void AddSessionCookie(this IServiceCollection services)
    {
        services.AddSingleton<EndedSessions>();
        services.AddDataProtection().SetApplicationName("Counter");
        services.AddOptions<KeyManagementOptions>().Configure<ICluster>((options, cluster) =>
        {
            options.XmlRepository = new CookieKeys(cluster);

            // A reader of the store can sign cookies. Encryption does not prevent it, because its key would be stored with these keys.
            options.XmlEncryptor = new NullXmlEncryptor();
        });
        services.AddAuthentication().AddCookie(SchemeName, options =>
        {
            options.Cookie.Name = Name;
            options.Cookie.HttpOnly = true;
            options.Cookie.SameSite = SameSiteMode.Strict;
            options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            options.ExpireTimeSpan = Lasts;
            options.SlidingExpiration = false;
            options.Events.OnValidatePrincipal = CheckAsync;
            options.Events.OnRedirectToLogin = context => RefuseAsync(
                context.HttpContext, StatusCodes.Status401Unauthorized, "There is no session. Sign in at /monitor with the operator's key.");
            options.Events.OnRedirectToAccessDenied = context => RefuseAsync(
                context.HttpContext, StatusCodes.Status403Forbidden, "The monitor is for the operator only.");
        });
        services.AddAuthorizationBuilder()
            .AddPolicy(Anybody, policy => policy.AddAuthenticationSchemes(SchemeName).RequireAssertion(_ => true))
            .AddPolicy(Operator, policy => policy.AddAuthenticationSchemes(SchemeName).RequireAuthenticatedUser().RequireRole(nameof(KeyRole.Operator)))
            .AddPolicy(OrKey, policy => policy.AddAuthenticationSchemes(SchemeName, KeyAuthentication.SchemeName)
                .RequireAssertion(context => context.User.IsInRole(nameof(KeyRole.Operator))));
    }

    /// <summary>Whether the key of a session is still valid. The role of a key never changes.</summary>
    public static async ValueTask<bool> IsValidAsync(ClaimsPrincipal? user, KeyStore keys, CancellationToken cancellationToken) =>
        user?.FindFirstValue(ClaimTypes.NameIdentifier) is { } id && await keys.IsValidAsync(id, cancellationToken);

    /// <summary>Makes the principal of a new session, which has a unique name.</summary>
    public static ClaimsPrincipal Begin(KeyHolder holder)
    {
        var user = KeyAuthentication.Principal(holder, SchemeName);
        user.Identities.First().AddClaim(new Claim(ClaimTypes.Sid, Guid.NewGuid().ToString("N")));
        return user;
    }

    /// <summary>The holder of the key of a session; null for none.</summary>
    public static KeyHolder? HolderOf(ClaimsPrincipal user) => user.Identity?.IsAuthenticated is true ? KeyAuthentication.Holder(user) : null;

    /// <summary>The name of a session; null when there is none.</summary>
    public static string? NameOf(ClaimsPrincipal? user) => user?.FindFirstValue(ClaimTypes.Sid);

    private static async Task CheckAsync(CookieValidatePrincipalContext context)
    {
        var keys = context.HttpContext.RequestServices.GetRequiredService<KeyStore>();
        var ended = context.HttpContext.RequestServices.GetRequiredService<EndedSessions>();
        if (ended.Contains(NameOf(context.Principal)) || !await IsValidAsync(context.Principal, keys, context.HttpContext.RequestAborted))
        {
            context.RejectPrincipal();
            await context.HttpContext.SignOutAsync(SchemeName);
        }
    }

    private static Task RefuseAsync(HttpContext context, int status, string sentence)
    {
        context.Response.Headers.CacheControl = "no-store";
        return Results.Problem(sentence, statusCode: status).ExecuteAsync(context);
    }
}
