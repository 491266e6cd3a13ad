using System.Reflection;
using Counter.Gateway.Admin;
using Counter.Gateway.Charts;
using Counter.Gateway.Cluster;
using Counter.Gateway.Embedding;
using Counter.Gateway.Frames;
using Counter.Gateway.Http;
using Counter.Gateway.Monitor;
using Counter.Gateway.Numbers;
using Counter.Gateway.Operations;
using Counter.Gateway.Play;
using Counter.Gateway.Polls;
using Counter.Gateway.Polls.Admin;
using Counter.Gateway.Relay;
using Counter.Gateway.Sessions;
using Counter.Gateway.SitePages;
using Counter.Gateway.Sites;
using Counter.Gateway.Streaming;
using Counter.Gateway.Webhooks;
using Counter.Grains.Hosting;

namespace Counter.Gateway;

/// <summary>Builds the gateway: its services, its middleware and its endpoints.</summary>
internal static class CounterApp
{
    public static string Version { get; } =
        typeof(CounterApp).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>Reads the settings and adds the services.</summary>
    /// <exception cref="SettingException">A setting has a value that is not allowed.</exception>
    public static WebApplicationBuilder CreateBuilder(string[] args)
    {
        SettingsCheck.CheckArguments(args);

        // The settings file is beside the program, whatever the current directory. Settings are read once, so the file is not watched:
        // Linux gives a user 128 watches by default.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            Args = ["--hostBuilder:reloadConfigOnChange=false", .. args],
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.AddServer();
        builder.AddOperations();
        builder.AddCluster();
        builder.AddSites();
        builder.AddStreaming();
        builder.AddAdmin();
        builder.AddRelay();
        builder.AddPlay();
        builder.AddWebhooks();
        builder.Services.AddSessionCookie();
        builder.AddMonitor();
        builder.Services.AddHttp();
        builder.Services.AddFrames();
        builder.Services.AddNumbers();
        builder.Services.AddCharts();
        builder.Services.AddPolls();
        builder.Services.AddSitePages();
        builder.Services.AddEmbedding();
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, RequestsJson.Default));
        SettingsCheck.Check(builder.Configuration, builder.Services);
        return builder;
    }

    /// <summary>Puts the gateway together.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="replace">Replaces services, such as the clock, in tests.</param>
    /// <exception cref="SettingException">A setting has a value that is not allowed.</exception>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? replace = null)
    {
        var builder = CreateBuilder(args);
        replace?.Invoke(builder);

        var app = builder.Build();

        // Creates the services of the first request now, so that wrong settings fail at the start.
        app.Services.GetRequiredService<OnlineHandler>().WarmUp();
        app.UseUnreadAnswers();
        app.UseNoSniff();
        app.UseCloseOfLongBodies();
        app.UseProxies();
        app.UseAddressTurns();
        app.UseRouting();
        app.UseExceptionHandler();
        app.UseStatusPages();
        app.UseReadableText();
        app.UseCrossOrigin();
        app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = TimeSpan.FromSeconds(15), KeepAliveTimeout = TimeSpan.FromSeconds(20) });
        app.UseAuthentication();
        app.UseAuthorization();
        app.Use(app.Services.GetRequiredService<RequestLimit>().RunAsync);
        app.MapOnline();
        app.MapCharts();
        app.MapNumbers();
        var api = app.MapAdmin();
        api.MapChannels();
        api.MapWebhooks();
        api.MapPollAdministration();
        app.MapRelay();
        app.MapPlay();
        app.MapSessions();
        app.MapMonitor();
        app.MapSitePages();
        app.MapPolls();
        app.MapEmbedding();
        app.MapHealth();
        return app;
    }
}
