using Counter.Grains.Hosting;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;

namespace Counter.Silo;

/// <summary>Composes the silo: the grains, and telemetry, logs and health checks for operators.</summary>
internal static class SiloApp
{
    private const string Ready = "ready";

    // At a stop every grain stores its changes. Platforms that allow a minute kill the process a little earlier.
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(45);

    /// <summary>Builds the silo.</summary>
    /// <exception cref="SettingException">A setting has a value that is not allowed.</exception>
    public static WebApplication Build(string[] args, out ClusterSettings settings)
    {
        // Settings are read once, from the folder of the program, whatever the current folder is.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = ["--hostBuilder:reloadConfigOnChange=false", .. args],
            ContentRootPath = AppContext.BaseDirectory,
        });
        var read = settings = ClusterSettings.Read(builder.Services, builder.Configuration);
        if (read.IsLocal)
        {
            throw new SettingException("With Cluster:Store=Local the gateway runs the silo itself. A separate silo needs Postgres or AzureStorage.");
        }

        builder.UseOrleans(silo => silo.AddCounter(read));

        // The tags of Orleans' measurements have no grain keys, which are unbounded and partly confidential.
        builder.AddTelemetry("counter-silo", "Microsoft.Orleans");
        builder.AddConsoleLog();
        builder.Services.AddHealthChecks().AddCheck<Readiness>(Ready, tags: [Ready]);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = StopTime);

        // The host logs a failed start with its stack trace. StartUp writes it as one line.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);

        // Polly logs two lines for each placement of a grain.
        builder.Logging.AddFilter("Polly", LogLevel.Warning);

        // At a start the watchdog takes the uptime of the machine for the duration of its first check, and warns.
        builder.Logging.AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error);

        // Orleans would log a stack trace for each state that cannot be stored. The failure of the store is logged once elsewhere.
        builder.Logging.AddFilter("Orleans.Storage", LogLevel.None);

        var app = builder.Build();
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false });
        app.MapHealthChecks("/health/ready", new HealthCheckOptions { Predicate = check => check.Tags.Contains(Ready) });
        return app;
    }
}
