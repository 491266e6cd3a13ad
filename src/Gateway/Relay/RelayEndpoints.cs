using Counter.Counting.Documents;
using Counter.Gateway.Admin;
using Counter.Gateway.Documents;
using Counter.Gateway.Http;
using Counter.Gateway.Streaming;
using Counter.Grains.Hosting;

namespace Counter.Gateway.Relay;

/// <summary>The relay: clients publish pictures to <c>/relay/{channel}</c> and watch them at <c>/relay/{channel}.mjpeg</c>.</summary>
internal static class RelayEndpoints
{
    /// <summary>Adds the services of the relay.</summary>
    public static void AddRelay(this WebApplicationBuilder builder)
    {
        builder.Services.AddSettings<RelayOptions>(builder.Configuration, "Relay");
        builder.Services.AddBook<ChannelSettings>(DocumentKind.Channel);
        builder.Services.AddSingleton<ChannelLookup>(services =>
        {
            var documents = services.GetRequiredService<DocumentCache<ChannelSettings>>();
            return channel => documents.Entries.GetValueOrDefault(channel)?.Value;
        });
        builder.Services.AddSingleton<RelayChannels>();
        builder.Services.AddSingleton<IStreamSource>(services => services.GetRequiredService<RelayChannels>());
        builder.Services.AddSingleton<ChannelSubscriptions>();
        builder.Services.AddSingleton<IStreamSource>(services => services.GetRequiredService<ChannelSubscriptions>());
        builder.Services.AddSingleton<PublishHandler>();
        builder.Services.AddSingleton<WatchHandler>();
    }

    /// <summary>Maps the endpoints of the relay.</summary>
    public static void MapRelay(this IEndpointRouteBuilder app)
    {
        app.MapPut("/relay/{channel}", (HttpContext context, string channel, PublishHandler publishing) => publishing.PutAsync(context, channel))
            .RequireAuthorization(AccessPolicies.Publish);
        app.MapPost("/relay/{channel}", (HttpContext context, string channel, PublishHandler publishing) => publishing.PostAsync(context, channel))
            .RequireAuthorization(AccessPolicies.Publish);
        app.MapMethods("/relay/{channel}.mjpeg", HttpVerbs.Read, (HttpContext context, string channel, WatchHandler watching) =>
            watching.StreamAsync(context, channel));
        foreach (var extension in new[] { "jpg", "jpeg", "png" })
        {
            app.MapMethods("/relay/{channel}." + extension, HttpVerbs.Read, (HttpContext context, string channel, WatchHandler watching) =>
                watching.SendLastAsync(context, channel));
        }
    }
}
