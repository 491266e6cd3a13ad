using System.Globalization;
using System.Security.Claims;
using System.Text.Json.Serialization;
using System.Threading.RateLimiting;
using Counter.Gateway.Admin.Keys;
using Counter.Gateway.Documents;
using Counter.Gateway.Operations;
using Counter.Gateway.Polls.Admin;
using Counter.Gateway.Relay;
using Counter.Gateway.Settings;
using Counter.Gateway.Streaming;
using Counter.Gateway.Webhooks;

namespace Counter.Gateway.Admin;

/// <summary>What seeing and steering is made of.</summary>
internal static class AdminSetup
{
    // Enough for any page or script of a site; too little to keep the engine or the audit log busy. Operators have ten times as many.
    private const int RequestsAtOnce = 200;
    private const int RequestsPerSecond = 20;
    private const int OperatorShare = 10;

    // Each change is kept in the audit log for two years.
    private const int ChangesAtOnce = 60;

    // Who needs no key is known by address.
    private const string PerKey = "per key";

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
        builder.Services.AddRateLimiter(limiter =>
        {
            limiter.AddPolicy(PerKey, context =>
            {
                var share = context.User.IsInRole(nameof(KeyRole.Operator)) ? OperatorShare : 1;
                var isChange = share == 1 && !HttpMethods.IsGet(context.Request.Method);
                return RateLimitPartition.GetTokenBucketLimiter(
                    (Key: context.User.FindFirstValue(ClaimTypes.NameIdentifier) ?? ClientAddress.Of(context).ToString(), isChange),
                    _ => new()
                    {
                        TokenLimit = isChange ? ChangesAtOnce : RequestsAtOnce * share,
                        TokensPerPeriod = isChange ? 1 : RequestsPerSecond * share,
                        ReplenishmentPeriod = TimeSpan.FromSeconds(1),
                    });
            });
            limiter.OnRejected = async (context, _) =>
            {
                context.HttpContext.Response.Headers.RetryAfter = "1";
                await Results.Problem(
                    string.Create(CultureInfo.InvariantCulture, $"Too many requests came with this key, or from this address without one; a site's key may ask {RequestsPerSecond} times a second and change something once. Wait a second."),
                    statusCode: StatusCodes.Status429TooManyRequests).ExecuteAsync(context.HttpContext);
            };
        });
    }

    /// <summary>Maps the admin API and its description.</summary>
    public static void MapAdmin(this IEndpointRouteBuilder app)
    {
        var api = app.MapGroup("/api/v1").RequireRateLimiting(PerKey);

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
        Description.Map(app).RequireRateLimiting(PerKey);
    }
}
