using System.Text.Json.Serialization;
using Counter.Gateway.Admin.Keys;
using Counter.Gateway.Documents;
using Counter.Gateway.Http;
using Counter.Gateway.Operations;
using Counter.Gateway.Settings;
using Counter.Grains.Hosting;

namespace Counter.Gateway.Admin;

/// <summary>What seeing and steering is made of.</summary>
internal static class AdminSetup
{
    /// <summary>Adds keys, the audit log and what looks after them.</summary>
    public static void AddAdmin(this WebApplicationBuilder builder)
    {
        builder.Services.AddSettings<AdminOptions>(builder.Configuration, "Admin");
        builder.Services.AddAccess();
        builder.Services.AddSingleton<SiteAdministration>();
        builder.Services.AddHosted<AdminMaintenance>();
        builder.Services.AddDescription();

        // A body that cannot be read is told as a sentence too.
        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, DocumentsJson.Default);
        });
        builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);

        // Strangers must not be able to fill the log. Who has no key is answered so.
        builder.Logging.AddFilter(typeof(KeyAuthentication).FullName, LogLevel.Warning);
    }

    /// <summary>Maps the admin API and its description.</summary>
    /// <returns>The API, for the parts that other folders map into it.</returns>
    public static RouteGroupBuilder MapAdmin(this IEndpointRouteBuilder app)
    {
        var api = app.MapGroup("/api/v1").WithMetadata(new RequestLimit.Limited());

        // Some answers have keys in them, and all are for those only who show one.
        api.AddEndpointFilter((invocation, next) =>
        {
            invocation.HttpContext.Response.Headers.CacheControl = "no-store";
            return next(invocation);
        });
        api.MapTotals();
        api.MapSites();
        api.MapPages();
        api.MapKeys();
        api.MapSiteKeys();
        OpenApiDescription.Map(app).WithMetadata(new RequestLimit.Limited());
        app.MapReference();
        app.MapMetrics();
        return api;
    }
}
