using System.Runtime.CompilerServices;
using Counter.Gateway.Settings;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;

namespace Counter.Gateway.Operations;

/// <summary>Sends the metrics over OTLP while the host runs, when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> says where to.</summary>
/// <remarks>The names and meanings of the settings are OpenTelemetry's; they may also come from the command line.</remarks>
internal sealed class Telemetry(IConfiguration configuration) : IHostedService, IDisposable
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string Protocol = "OTEL_EXPORTER_OTLP_PROTOCOL";
    private const int FlushMilliseconds = 2000;

    private MeterProvider? meters;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (configuration[Endpoint] is { Length: > 0 } text)
        {
            if (!Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out var collector))
            {
                throw new SettingException($"{Endpoint} is '{text}'; allowed is the address of a collector, such as http://localhost:4317.");
            }

            meters = Export(collector, http: configuration[Protocol] == "http/protobuf");
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        meters?.ForceFlush(FlushMilliseconds);
        return Task.CompletedTask;
    }

    public void Dispose() => meters?.Dispose();

    // Apart, so that a gateway without a collector does not load OpenTelemetry.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static MeterProvider Export(Uri collector, bool http) => Sdk.CreateMeterProviderBuilder()
        .AddMeter(Meters.All)
        .AddOtlpExporter(exporter =>
        {
            // The path belongs to the protocol: gRPC has its own, HTTP the one of the OTLP specification.
            exporter.Protocol = http ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
            exporter.Endpoint = http ? new Uri(collector, "v1/metrics") : collector;
        })
        .Build();
}
