using Counter.Counting.Pages;
using Counter.Gateway.Admin.Keys;
using Counter.Gateway.Documents;
using Counter.Gateway.Operations;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;

namespace Counter.Gateway.Admin;

/// <summary>The names of the authorization policies.</summary>
internal static class AccessPolicies
{
    /// <summary>The operator only.</summary>
    public const string Operator = "operator";

    /// <summary>The operator, and all keys for the site in the route.</summary>
    public const string ReadSite = "read site";

    /// <summary>The operator, and <c>manage</c> keys for the site in the route.</summary>
    public const string ManageSite = "manage site";

    /// <summary>The operator, and keys for the channel in the route.</summary>
    public const string Publish = "publish";

    /// <summary>Adds the services for keys, the audit log and the policies.</summary>
    public static void AddAccess(this IServiceCollection services)
    {
        services.AddSingleton<KeyStore>();
        services.AddHosted<KeyUses>();
        services.AddSingleton<FailedKeyLimit>();
        services.AddSingleton<AuditLog>();
        services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, KeyAuthentication>(KeyAuthentication.SchemeName, null);
        services.AddAuthorizationBuilder()
            .AddPolicy(Operator, Keys(_ => true, KeyRole.Operator))
            .AddPolicy(ReadSite, Keys(IsForSite, KeyRole.Read, KeyRole.Manage, KeyRole.Operator))
            .AddPolicy(ManageSite, Keys(IsForSite, KeyRole.Manage, KeyRole.Operator))
            .AddPolicy(Publish, Keys(IsForChannel, KeyRole.Publish, KeyRole.Operator));
    }

    private static Action<AuthorizationPolicyBuilder> Keys(Func<Asked, bool> isForThis, params KeyRole[] roles) => policy => policy
        .AddAuthenticationSchemes(KeyAuthentication.SchemeName)
        .RequireAssertion(context =>
            context.User.Identity?.IsAuthenticated is true
            && context.Resource is HttpContext http && KeyAuthentication.Holder(context.User) is var holder
            && roles.Contains(holder.Role) && (holder.Role == KeyRole.Operator || isForThis(new Asked(http, holder))));

    // A site has several spellings. A key is for the site, not for one spelling.
    private static bool IsForSite(Asked asked) =>
        PageAddress.TryParseSite(asked.Route("site"), PageLimits.Default, out var site, out _) && site == asked.Holder.Scope;

    private static bool IsForChannel(Asked asked) => asked.Route("channel") == asked.Holder.Scope;

    private readonly record struct Asked(HttpContext Http, KeyHolder Holder)
    {
        public string? Route(string name) => Http.GetRouteValue(name) as string;
    }
}
