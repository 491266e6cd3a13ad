using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OpenTelemetry.Metrics;

namespace Counter.Grains.Hosting;

/// <summary>Answers <c>/metrics</c> at an address of its own.</summary>
/// <remarks>A web server apart: the other one would answer everything else here as well, and the metrics there.</remarks>
internal sealed class MetricsListener(MeterProvider metrics, IOptions<MetricsOptions> options) : IHostedService, IAsyncDisposable
{
    private WebApplication? app;

    /// <summary>Where it listens, once it does.</summary>
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
