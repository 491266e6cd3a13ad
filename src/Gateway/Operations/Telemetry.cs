using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Counter.Gateway.Operations;

/// <summary>Sends the metrics over OTLP while the host runs, when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> says where to.</summary>
internal sealed class Telemetry(IConfiguration configuration) : IHostedService, IDisposable
{
    /// <summary>The OpenTelemetry setting that names the collector.</summary>
    public const string EndpointSetting = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private MeterProvider? meters;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (Uri.TryCreate(configuration[EndpointSetting], UriKind.Absolute, out var endpoint))
        {
            meters = Sdk.CreateMeterProviderBuilder()
                .AddMeter(CounterMetrics.MeterName, "System.Runtime", "Microsoft.AspNetCore.Server.Kestrel")
                .AddOtlpExporter()
                .Build();
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        meters?.ForceFlush(2000);
        return Task.CompletedTask;
    }

    public void Dispose() => meters?.Dispose();
}
