using Counter.Gateway.Settings;
using Counter.Grains.Hosting;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Logging.Console;

namespace Counter.Gateway.Operations;

/// <summary>What operators see: health, metrics, logs.</summary>
internal static class OperationsSetup
{
    // Beyond the drain and one write time-out: the last report, and saving.
    private static readonly TimeSpan StopReserve = TimeSpan.FromSeconds(10);

    /// <summary>The tag of the checks that <c>/health/ready</c> asks.</summary>
    public const string Ready = "ready";

    /// <summary>Adds health checks, metrics and the time that a proper stop may take.</summary>
    public static void AddOperations(this WebApplicationBuilder builder)
    {
        var started = false;

        // What appsettings.json says holds also where it is missing, as beside a program that is one file.
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

        // The host logs a failed start with its stack; StartUp says it in one line.
        builder.Services.AddHosted(services =>
        {
            services.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted.Register(() => started = true);
            return ActivatorUtilities.CreateInstance<BrokenRequests>(services);
        });

        // The slim builder has the simple formatter, whatever the settings say.
        builder.Services.Configure<ConsoleLoggerOptions>(builder.Configuration.GetSection("Logging:Console"));

        // Whoever asks for readiness is answered; a line for each time somebody asks while it is degraded says nothing new.
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);

        // It reads the keys of cookies at the start; without the database, which the engine tells of, it reads them when one is needed.
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection.KeyManagement", level => started && level >= LogLevel.Warning);

        // It keeps an activity and a scope for every request, as long as a stream is open, for messages at levels that nobody asks for.
        // What it says at the start is said by StartUp.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);

        // Strangers must not be able to fill the log. Broken requests are counted instead.
        builder.Logging.AddFilter(BrokenRequests.ServersCategory, LogLevel.None);

        // To the server it is an error, with a stack trace, when a connection is cut while something is written to it over TLS, or when its client breaks the
        // rules of HTTP/2. What fails in the gateway itself is logged where it is handled (UseExceptionHandler).
        builder.Services.AddSingleton<ILoggerProvider, ServerLog>();
        builder.Logging.AddFilter(ServerLog.Category, LogLevel.None);
        builder.Logging.AddFilter<ServerLog>(ServerLog.Category, IsForOperators);
        foreach (var part in (string[])["Core", "Https", "Transport"])
        {
            builder.Logging.AddFilter($"{ServerLog.Category}.{part}", IsForOperators);
        }

        // It names clients' addresses when somebody asks for debug messages.
        builder.Logging.AddFilter("Microsoft.AspNetCore.HttpOverrides", LogLevel.None);
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", level => started && level >= LogLevel.Warning);

        static bool IsForOperators(LogLevel level) => level >= LogLevel.Warning && level is not LogLevel.Error;
    }

    // systemd waits until it is told that the program listens (Type=notify), and names the socket for that. The package's own AddSystemd looks at
    // the name of the parent process instead.
    private static void AddServiceManager(IServiceCollection services)
    {
        if (!OperatingSystem.IsWindows() && !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NOTIFY_SOCKET")))
        {
            services.AddSingleton<ISystemdNotifier, SystemdNotifier>();
            services.AddSingleton<IHostLifetime, SystemdLifetime>();
        }
    }

    /// <summary>Maps <c>/health/live</c>, which says that the process answers, and <c>/health/ready</c>.</summary>
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false });
        app.MapHealthChecks("/health/ready", new HealthCheckOptions { Predicate = check => check.Tags.Contains(Ready) });
    }
}
