using Counter.Gateway.Numbers;
using Counter.Gateway.Settings;

namespace Counter.Gateway.Streaming;

/// <summary>What streaming is made of.</summary>
internal static class StreamingSetup
{
    /// <summary>Adds the feeds, who is let in, who looks after streams, and who ends them.</summary>
    public static void AddStreaming(this WebApplicationBuilder builder)
    {
        builder.Services.AddSettings<StreamingOptions>(builder.Configuration, "Streaming");
        builder.Services.AddSingleton<Feeds>();
        builder.Services.AddSingleton<Admission>();
        builder.Services.AddSingleton<Drain>();
        builder.Services.AddHostedService<Upkeep>();
        builder.Services.AddSingleton<OnlineRequests>();
        builder.Services.AddSingleton<OnlineImages>();
        builder.Services.AddSingleton<CurrentNumber>();
    }
}
