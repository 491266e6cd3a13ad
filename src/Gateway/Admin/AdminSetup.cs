using Counter.Gateway.Settings;

namespace Counter.Gateway.Admin;

/// <summary>What seeing and steering is made of.</summary>
internal static class AdminSetup
{
    /// <summary>Adds keys, the audit log and what looks after them.</summary>
    public static void AddAdmin(this WebApplicationBuilder builder)
    {
        builder.Services.AddSettings<AdminOptions>(builder.Configuration, "Admin");
        builder.Services.AddAccess();
        builder.Services.AddSingleton<Housekeeping>();
        builder.Services.AddHostedService(services => services.GetRequiredService<Housekeeping>());
    }

    /// <summary>Maps the admin API.</summary>
    public static void MapAdmin(this IEndpointRouteBuilder app)
    {
        var api = app.MapGroup("/api/v1");
        api.MapGet("/me", (HttpContext context) => Keys.KeyAuthentication.Holder(context.User)).RequireAuthorization(Access.Operator);
    }
}
