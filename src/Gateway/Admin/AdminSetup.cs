using System.Text.Json.Serialization;
using Counter.Gateway.Admin.Keys;
using Counter.Gateway.Documents;
using Counter.Gateway.Http;
using Counter.Gateway.Operations;
using Counter.Gateway.Settings;
using Counter.Grains.Hosting;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace Counter.Gateway.Admin;

/// <summary>Registers and maps the admin API.</summary>
internal static class AdminSetup
{
    public static void AddAdmin(this WebApplicationBuilder builder)
    {
        // A wrong origin stops the start.
        builder.Services.AddSettings<AdminOptions>(builder.Configuration, "Admin").ReadCorsOrigins();
        builder.Services.AddAccess();
        builder.Services.AddSingleton<SiteAdministration>();
        builder.Services.AddSingleton<ApiCaller>();
        builder.Services.AddHosted<AdminMaintenance>();
        builder.Services.AddDescription();

        // An unreadable body must throw, so that the answer explains the error in a sentence.
        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, DocumentsJson.Default);
        });
        builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);

        // Clients without a key must not be able to fill the log. The answer tells them what is missing.
        builder.Logging.AddFilter(typeof(KeyAuthentication).FullName, LogLevel.Warning);
    }

    /// <summary>Maps the admin API and its description.</summary>
    /// <returns>The group of the API, for the endpoints of other folders.</returns>
    public static RouteGroupBuilder MapAdmin(this IEndpointRouteBuilder app)
    {
        var api = app.MapGroup("/api/v1").WithMetadata(new RequestLimit.Limited());

        if (app.ServiceProvider.GetRequiredService<IOptions<AdminOptions>>().Value.ReadCorsOrigins() is { Length: > 0 } origins)
        {
            AllowOrigins(api, origins);
        }

        // All answers are only for the holder of the key, and some contain keys.
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
        api.MapIgnoreLinks();
        OpenApiDescription.Map(app).WithMetadata(new RequestLimit.Limited());
        app.MapReference();
        app.MapMetrics();
        return api;
    }

    /// <summary>Lets scripts of other origins call the API. They need a key, as everybody does. Cookies are not accepted.</summary>
    private static void AllowOrigins(RouteGroupBuilder api, string[] origins) => api.RequireCors(cors => cors
        .WithOrigins(origins)
        .WithMethods(HttpMethods.Get, HttpMethods.Head, HttpMethods.Post, HttpMethods.Put, HttpMethods.Patch, HttpMethods.Delete)
        .WithHeaders(HeaderNames.Authorization, HeaderNames.ContentType, HeaderNames.IfMatch, HeaderNames.IfNoneMatch)
        .WithExposedHeaders(HeaderNames.ETag, HeaderNames.Location, HeaderNames.RetryAfter)
        .SetPreflightMaxAge(TimeSpan.FromMinutes(10)));
}
