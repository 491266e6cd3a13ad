using Counter.Grains.Local;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Storage;

namespace Counter.Grains.Hosting;

/// <summary>Runs the Orleans client of a gateway, or its own silo, in a separate host.</summary>
/// <remarks>
/// The gateway listens only after its own silo has started or its client has connected. Before that it lacks the settings of sites and the secret
/// that all gateways share to identify visitors. When silos do not answer, the gateway starts and streams without them, and the client connects in
/// the background. That loop ends when the client is connected or the gateway stops. After that Orleans reconnects by itself.
/// </remarks>
/// <param name="settings">The settings.</param>
/// <param name="clock">The gateway's time.</param>
/// <param name="logs">The loggers of the gateway and of Orleans.</param>
/// <param name="storage">The grain storage of its own silo.</param>
internal sealed partial class OrleansConnection(ClusterSettings settings, TimeProvider clock, ILoggerFactory logs, IGrainStorage? storage = null) : BackgroundService
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(3);

    private readonly ILogger log = logs.CreateLogger<OrleansConnection>();
    private readonly TaskCompletionSource tried = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile IClusterClient? client;
    private IHost? host;

    /// <summary>The client; null until it is connected.</summary>
    public IClusterClient? Client => client;

    /// <summary>Whether the silo of this process cannot store changes.</summary>
    public bool IsStoreFailing => settings.IsLocal && host?.Services.GetRequiredService<StoreHealth>().IsFailing is true;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (settings.IsLocal)
        {
            await StartHostAsync(cancellationToken);
        }
        else
        {
            await base.StartAsync(cancellationToken);
            await Task.WhenAny(tried.Task, Task.Delay(StartTimeout, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (host is { } running)
        {
            await running.StopAsync(cancellationToken);
            running.Dispose();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (client is null && !stoppingToken.IsCancellationRequested)
        {
            try
            {
                await StartHostAsync(stoppingToken);
                tried.TrySetResult();
            }
            catch (Exception e)
            {
                tried.TrySetResult();
                if (!stoppingToken.IsCancellationRequested)
                {
                    LogFailed(e.GetBaseException().Message);
                    await Task.Delay(Again, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            }
        }
    }

    private async Task StartHostAsync(CancellationToken cancellationToken)
    {
        // Defaults are off: the configuration files, environment and command line are for the gateway's host.
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddSingleton<ILoggerFactory>(new Logs(logs));

        // The gateway handles signals, and stops this host last.
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        if (settings.IsLocal)
        {
            builder.UseOrleans(silo => silo.AddLocalCounter(settings, storage!, clock));
        }
        else
        {
            builder.UseOrleansClient(orleans => orleans.AddCounter(settings));
        }

        var next = builder.Build();
        try
        {
            await next.StartAsync(cancellationToken);
            (host, client) = (next, next.Services.GetRequiredService<IClusterClient>());
        }
        catch
        {
            next.Dispose();
            throw;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Orleans could not be started ({Reason}); trying again.")]
    private partial void LogFailed(string reason);

    /// <summary>A host lifetime without signals: the host runs until it is stopped.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    /// <summary>
    /// The gateway's loggers without two categories. The host's own category logs the stack trace of a failed start, which is logged in one line
    /// here or stops the gateway. The storage's category logs every state that could not be stored; <see cref="StoreHealth"/> logs that once.
    /// </summary>
    private sealed class Logs(ILoggerFactory logs) : ILoggerFactory
    {
        private static readonly string?[] Silent = ["Microsoft.Extensions.Hosting.Internal.Host", typeof(SqliteStorage).FullName];

        public ILogger CreateLogger(string categoryName) => Silent.Contains(categoryName) ? NullLogger.Instance : logs.CreateLogger(categoryName);

        public void AddProvider(ILoggerProvider provider) => logs.AddProvider(provider);

        public void Dispose()
        {
            // The gateway owns the loggers.
        }
    }
}
