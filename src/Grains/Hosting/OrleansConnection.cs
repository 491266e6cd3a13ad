using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Storage;

namespace Counter.Grains.Hosting;

/// <summary>
/// The Orleans client of a gateway, or its own silo, in a host of its own beside the gateway's: so the gateway starts and streams
/// whether or not there are silos.
/// </summary>
/// <remarks>The loop ends when the client is connected or the gateway stops; from then on Orleans connects again by itself.</remarks>
internal sealed partial class OrleansConnection(OrleansSettings settings, ILoggerFactory logs, IGrainStorage? local = null) : BackgroundService
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(5);

    private readonly ILogger log = logs.CreateLogger<OrleansConnection>();
    private volatile IClusterClient? client;
    private IHost? host;

    /// <summary>The client once it is connected; null before.</summary>
    public IClusterClient? Client => client;

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
            IHost? next = null;
            try
            {
                // Names of machines are looked up for it.
                next = Build();
                if (settings is { InProcess: true, Store: OrleansSettings.Postgres })
                {
                    await PostgresStore.PrepareAsync(settings.ConnectionString, stoppingToken);
                }

                await next.StartAsync(stoppingToken);
                (host, client) = (next, next.Services.GetRequiredService<IClusterClient>());
            }
            catch (Exception e)
            {
                next?.Dispose();
                if (!stoppingToken.IsCancellationRequested)
                {
                    LogFailed(e.GetBaseException().Message);
                    await Task.Delay(Again, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            }
        }
    }

    private IHost Build()
    {
        // Only what the settings say: not the gateway's files, environment and command line, which speak of the gateway.
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddSingleton(logs);
        if (settings.HasSilo)
        {
            builder.UseOrleans(silo => silo.AddCounter(settings, local));
        }
        else
        {
            builder.UseOrleansClient(orleans => orleans.AddCounter(settings));
        }

        return builder.Build();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Orleans could not be started ({Reason}); trying again.")]
    private partial void LogFailed(string reason);
}
