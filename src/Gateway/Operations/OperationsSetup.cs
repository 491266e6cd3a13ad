using Counter.Gateway.Settings;
using Counter.Grains.Hosting;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Logging.Console;

namespace Counter.Gateway.Operations;

/// <summary>Health checks, metrics and logs for operators.</summary>
internal static class OperationsSetup
{
    // Time after the drain and one write time-out, for the last report and for saving.
    private static readonly TimeSpan StopReserve = TimeSpan.FromSeconds(10);

    /// <summary>The tag of the checks of <c>/health/ready</c>.</summary>
    public const string Ready = "ready";

    /// <summary>Adds health checks, metrics, logs and the shutdown time-out.</summary>
    public static void AddOperations(this WebApplicationBuilder builder)
    {
        var started = false;

        // The program contains appsettings.json, since a release is one file.
        var settings = new ConfigurationBuilder().AddJsonStream(typeof(OperationsSetup).Assembly.GetManifestResourceStream("appsettings.json")!).Build();
        builder.Configuration.Sources.Insert(0, new ChainedConfigurationSource { Configuration = settings });
        builder.Services.AddSingleton(TimeProvider.System);
        AddServiceManager(builder.Services);
        builder.Services.AddSingleton<OperatorConsole>();
        builder.Services.AddSingleton<CounterMetrics>();
        builder.AddTelemetry("counter-gateway", CounterMetrics.MeterName);
        builder.AddConsoleLog();
        builder.Services.AddHostedService(services => IdleGarbageCollection.OfThisProcess(services.GetRequiredService<TimeProvider>()));
        builder.Services.AddOptions<HostOptions>().Configure<Microsoft.Extensions.Options.IOptions<StreamingOptions>>((host, streaming) =>
            host.ShutdownTimeout = streaming.Value.Drain + streaming.Value.WriteTimeout + StopReserve);

        // The host logs a failed start with its stack. StartUp writes one line instead.
        builder.Services.AddHosted(services =>
        {
            services.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted.Register(() => started = true);
            return ActivatorUtilities.CreateInstance<BrokenRequests>(services);
        });

        // The slim builder has the simple formatter, whatever the settings are.
        builder.Services.Configure<ConsoleLoggerOptions>(builder.Configuration.GetSection("Logging:Console"));

        // The response of a readiness request has its result. A log line for each request while it is degraded would add nothing.
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);

        // It reads the keys of cookies at the start. When the database does not answer, which the engine logs, it reads them later.
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection.KeyManagement", level => started && level >= LogLevel.Warning);

        // It keeps an activity and a scope for every request, as long as a stream is open, for messages at levels that are not enabled. StartUp
        // writes its message at the start.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);

        // Clients must not be able to fill the log. Broken requests are counted instead.
        builder.Logging.AddFilter(BrokenRequests.ServersCategory, LogLevel.None);

        // The server logs an error with a stack trace when a connection is cut during a write over TLS, or when a client violates HTTP/2.
        // Failures of the gateway itself are logged where they are handled (UseExceptionHandler).
        builder.Services.AddSingleton<ILoggerProvider, ServerLog>();
        builder.Logging.AddFilter(ServerLog.Category, LogLevel.None);
        builder.Logging.AddFilter<ServerLog>(ServerLog.Category, IsForOperators);
        foreach (var part in (string[])["Core", "Https", "Transport"])
        {
            builder.Logging.AddFilter($"{ServerLog.Category}.{part}", IsForOperators);
        }

        // It logs the addresses of clients at the debug level.
        builder.Logging.AddFilter("Microsoft.AspNetCore.HttpOverrides", LogLevel.None);
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", level => started && level >= LogLevel.Warning);

        static bool IsForOperators(LogLevel level) => level >= LogLevel.Warning && level is not LogLevel.Error;
    }

    // With Type=notify systemd waits for a message that the program is ready, and passes a socket for it. The package's AddSystemd checks the name of
    // the parent process instead of the socket.
    private static void AddServiceManager(IServiceCollection services)
    {
        if (!OperatingSystem.IsWindows() && !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NOTIFY_SOCKET")))
        {
            services.AddSingleton<ISystemdNotifier, SystemdNotifier>();
            services.AddSingleton<IHostLifetime, SystemdLifetime>();
        }
    }

    /// <summary>Maps <c>/health/live</c>, which always succeeds, and <c>/health/ready</c>.</summary>
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false });
        app.MapHealthChecks("/health/ready", new HealthCheckOptions { Predicate = check => check.Tags.Contains(Ready) });
    }
}
