using System.Text.Json.Serialization;
using Counter.Gateway.Admin.Keys;
using Counter.Gateway.Documents;
using Counter.Gateway.Operations;
using Counter.Gateway.Polls.Admin;
using Counter.Gateway.Relay;
using Counter.Gateway.Settings;
using Counter.Gateway.Webhooks;
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
        builder.Services.AddHosted<Housekeeping>();
        builder.Services.AddDescription();

        // A body that cannot be read is told as a sentence too.
        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, DocumentsJson.Default);
        });
        builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        builder.Services.AddExceptionHandler<Failures>();
        builder.Services.AddSingleton<RequestLimit>();
    }

    /// <summary>Maps the admin API and its description.</summary>
    public static void MapAdmin(this IEndpointRouteBuilder app)
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
        api.MapChannels();
        api.MapGroup("/sites/{site}/webhooks").MapWebhooks();
        api.MapGroup("/sites/{site}/polls").MapPollAdministration();
        Description.Map(app).WithMetadata(new RequestLimit.Limited());
    }
}
