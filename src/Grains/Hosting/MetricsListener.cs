using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OpenTelemetry.Metrics;

namespace Counter.Grains.Hosting;

/// <summary>Serves <c>/metrics</c> on an address of its own.</summary>
/// <remarks>A server of its own. The main server would serve all other paths on this address too, and the metrics on its own addresses.</remarks>
internal sealed class MetricsListener(MeterProvider metrics, IOptions<MetricsOptions> options) : IHostedService, IAsyncDisposable
{
    private WebApplication? app;

    /// <summary>The addresses, after the start.</summary>
    public ICollection<string> Urls => app?.Urls ?? [];

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls(options.Value.Url);
        app = builder.Build();
        app.UseOpenTelemetryPrometheusScrapingEndpoint(metrics, predicate: null, MetricsOptions.Path, configureBranchedPipeline: null, optionsName: null);
        return app.StartAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => app?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public ValueTask DisposeAsync() => app?.DisposeAsync() ?? ValueTask.CompletedTask;
}
