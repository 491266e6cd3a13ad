using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Instrumentation.AspNetCore;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Counter.Grains.Hosting;

/// <summary>
/// Sends metrics and traces over OTLP while the host runs, if <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set. Serves the metrics to Prometheus, if the section
/// <c>Metrics</c> says so.
/// </summary>
/// <remarks>The settings of OTLP are OpenTelemetry's own. The command line may set them too.</remarks>
internal static class Telemetry
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    // These tags reveal who views which page.
    private static readonly string[] Private =
        ["client.address", "network.peer.address", "user_agent.original", "url.query", "orleans.rpc.source_id", "orleans.rpc.target_id"];

    /// <summary>Whether there is a collector.</summary>
    /// <exception cref="SettingException">The setting is not an address.</exception>
    public static bool IsOn(IConfiguration configuration)
    {
        if (configuration[Endpoint] is not { Length: > 0 } text)
        {
            return false;
        }

        return Uri.TryCreate(text, UriKind.Absolute, out _)
            ? true
            : throw new SettingException($"{Endpoint} is '{text}'; allowed is the address of a collector, such as http://localhost:4317.");
    }

    /// <summary>Adds metrics and traces to a host.</summary>
    /// <param name="builder">The host.</param>
    /// <param name="service">The service name at the collector, unless <c>OTEL_SERVICE_NAME</c> is set.</param>
    /// <param name="meters">The meters of the process, besides those of the server and the runtime.</param>
    /// <exception cref="SettingException">A setting is not an address.</exception>
    public static void AddTelemetry(this IHostApplicationBuilder builder, string service, params string[] meters)
    {
        var settings = builder.Services.AddSettings<MetricsOptions>(builder.Configuration, "Metrics");
        settings.Check();
        var isSent = IsOn(builder.Configuration);
        if (isSent || settings.IsOn)
        {
            Add(builder, service, meters, settings, isSent);
        }
    }

    // A method of its own, so that a process without a collector and without Prometheus does not load OpenTelemetry.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Add(IHostApplicationBuilder builder, string service, string[] meters, MetricsOptions settings, bool isSent)
    {
        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(service).AddEnvironmentVariableDetector())
            .WithMetrics(metrics => metrics.AddMeter(meters).AddAspNetCoreInstrumentation().AddRuntimeInstrumentation());
        if (settings.IsOn)
        {
            telemetry.WithMetrics(metrics => metrics.AddPrometheusExporter());
        }

        if (settings.Url.Length > 0)
        {
            builder.Services.AddHostedService<MetricsListener>();
        }

        if (isSent)
        {
            builder.Services.Configure<AspNetCoreTraceInstrumentationOptions>(options =>
                options.Filter = context => !context.Request.Path.StartsWithSegments("/health", StringComparison.Ordinal));
            telemetry.WithMetrics(metrics => metrics.AddOtlpExporter());
            telemetry.WithTracing(traces => traces
                .AddSource(Traces.Source.Name, "Microsoft.Orleans.Application")
                .AddAspNetCoreInstrumentation()
                .AddProcessor(new PrivateTags())
                .AddOtlpExporter());
        }
    }

    /// <summary>Removes private tags from every span before it is sent.</summary>
    private sealed class PrivateTags : BaseProcessor<Activity>
    {
        public override void OnEnd(Activity data)
        {
            foreach (var tag in Private)
            {
                data.SetTag(tag, null);
            }
        }
    }
}
