using Counter.Gateway.Operations;
using Counter.Gateway.Settings;
using Counter.Gateway.Visitors;
using Counter.Grains.Hosting;

namespace Counter.Gateway.Streaming;

/// <summary>Registers the services of streaming.</summary>
internal static class StreamingSetup
{
    /// <summary>Adds the feeds, the admission, the maintenance and the drain of streams.</summary>
    public static void AddStreaming(this WebApplicationBuilder builder)
    {
        builder.Services.AddSettings<IdentityOptions>(builder.Configuration, "Identity").Check();
        builder.Services.AddSingleton<DailySalt>();
        builder.Services.AddSingleton<VisitorIdentity>();
        builder.Services.AddSingleton<RefererProof>();
        builder.Services.AddSingleton<IgnoredBrowsers>();
        builder.Services.AddSingleton<BotDetector>();
        builder.Services.AddSingleton<ClientClassifier>();
        builder.Services.AddSingleton<BrowserConnections>();
        builder.Services.AddSingleton<Feeds>();
        builder.Services.AddSingleton<IStreamSource>(services => services.GetRequiredService<Feeds>());
        builder.Services.AddSingleton<Admission>();
        builder.Services.AddSingleton<DrawingQueue>();
        builder.Services.AddHosted<StreamDrain>();
        builder.Services.AddHealthChecks().AddCheck<Readiness>(OperationsSetup.Ready, tags: [OperationsSetup.Ready]);
        builder.Services.AddHostedService<StreamMaintenance>();
        builder.Services.AddSingleton<OnlineRequests>();
        builder.Services.AddSingleton<LiveImageHandler>();
        builder.Services.AddSingleton<OnlineHandler>();
        builder.Services.AddSingleton<CurrentNumber>();
    }
}
