using Counter.Gateway.Operations;
using Counter.Gateway.Settings;
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
    public static WebApplication Build(string[] args, out OrleansSettings settings)
    {
        // Settings are read once, and lie beside the program, wherever it is started from.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = ["--hostBuilder:reloadConfigOnChange=false", .. args],
            ContentRootPath = AppContext.BaseDirectory,
        });
        var read = builder.Services.AddSettings<OrleansSettings>(builder.Configuration, "Orleans");
        settings = read;
        if (read.Problem() is { } problem)
        {
            throw new SettingException(problem);
        }

        builder.UseOrleans(silo => silo.AddCounter(read));
        builder.Services.AddHostedService<Telemetry>();
        builder.Services.AddHealthChecks().AddCheck<Readiness>(Ready, tags: [Ready]);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = StopTime);

        // The host logs a failed start with its stack; StartUp says it in one line.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);

        var app = builder.Build();
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false });
        app.MapHealthChecks("/health/ready", new HealthCheckOptions { Predicate = check => check.Tags.Contains(Ready) });
        return app;
    }
}
