using Counter.Grains.Local;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Storage;

namespace Counter.Grains.Hosting;

/// <summary>The Orleans client of a gateway, or its own silo, in a host of its own beside the gateway's.</summary>
/// <remarks>
/// A silo of its own is there before the gateway listens, and so is a client where silos answer: without them the gateway has neither the settings
/// of sites nor the secret that tells visitors apart as the other gateways do. Where they do not answer it starts and streams all the same, and
/// the client is connected in the background: the loop ends when it is, or the gateway stops, and from then on Orleans connects again by itself.
/// </remarks>
/// <param name="settings">The settings.</param>
/// <param name="clock">The gateway's time.</param>
/// <param name="logs">Where both log.</param>
/// <param name="storage">What the grains of a silo of its own keep things in.</param>
internal sealed partial class OrleansConnection(ClusterSettings settings, TimeProvider clock, ILoggerFactory logs, IGrainStorage? storage = null) : BackgroundService
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(3);

    private readonly ILogger log = logs.CreateLogger<OrleansConnection>();
    private readonly TaskCompletionSource tried = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile IClusterClient? client;
    private IHost? host;

    /// <summary>The client once it is connected; null before.</summary>
    public IClusterClient? Client => client;

    /// <summary>Whether the silo of this process cannot store what changes.</summary>
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
            await Task.WhenAny(tried.Task, Task.Delay(StartPatience, cancellationToken));
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
        // Only what the settings say: not the gateway's files, environment and command line, which speak of the gateway.
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddSingleton<ILoggerFactory>(new Logs(logs));

        // Signals are the gateway's: it stops this host last.
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

    /// <summary>Lives as long as it is not stopped.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    /// <summary>
    /// The gateway's logs, but for the stack of a host that did not start, which is said in a line or means that the gateway stops, and for
    /// what Orleans says in the storage's name of each state that could not be stored, which <see cref="StoreHealth"/> says once.
    /// </summary>
    private sealed class Logs(ILoggerFactory logs) : ILoggerFactory
    {
        private static readonly string?[] Silent = ["Microsoft.Extensions.Hosting.Internal.Host", typeof(SqliteStorage).FullName];

        public ILogger CreateLogger(string categoryName) => Silent.Contains(categoryName) ? NullLogger.Instance : logs.CreateLogger(categoryName);

        public void AddProvider(ILoggerProvider provider) => logs.AddProvider(provider);

        public void Dispose()
        {
            // They are the gateway's.
        }
    }
}
