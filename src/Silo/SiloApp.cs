using Counter.Grains.Hosting;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;

namespace Counter.Silo;

/// <summary>The silo's table of contents: the grains, and what operators ask for.</summary>
internal static class SiloApp
{
    private const string Ready = "ready";

    // When it stops, every grain stores what changed since it was stored last. Platforms that give a minute take it away a little earlier.
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(45);

    /// <summary>Puts the silo together.</summary>
    /// <exception cref="SettingException">A setting has a value that is not allowed.</exception>
    public static WebApplication Build(string[] args, out ClusterSettings settings)
    {
        // Settings are read once, and lie beside the program, wherever it is started from.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = ["--hostBuilder:reloadConfigOnChange=false", .. args],
            ContentRootPath = AppContext.BaseDirectory,
        });
        var read = settings = ClusterSettings.Read(builder.Services, builder.Configuration);
        if (read.IsLocal)
        {
            throw new SettingException("Cluster:Store is Local, with which the gateway runs the silo itself; allowed here is Postgres or AzureStorage.");
        }

        builder.UseOrleans(silo => silo.AddCounter(read));

        // Keys of grains are nowhere among the tags of its measurements: they are unbounded, and some are nobody's business.
        builder.AddTelemetry("counter-silo", "Microsoft.Orleans");
        builder.AddConsoleLog();
        builder.Services.AddHealthChecks().AddCheck<Readiness>(Ready, tags: [Ready]);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = StopTime);

        // The host logs a failed start with its stack; StartUp says it in one line.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);

        // Two lines for each grain that is placed.
        builder.Logging.AddFilter("Polly", LogLevel.Warning);

        // At a start it takes the time since the machine was started for the length of its first look, and warns.
        builder.Logging.AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error);

        // Of each state that cannot be stored Orleans would tell the stack; that the store does not work is said once.
        builder.Logging.AddFilter("Orleans.Storage", LogLevel.None);

        var app = builder.Build();
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false });
        app.MapHealthChecks("/health/ready", new HealthCheckOptions { Predicate = check => check.Tags.Contains(Ready) });
        return app;
    }
}
