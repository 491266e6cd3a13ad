using System.Net;
using System.Net.Sockets;
using Counter.Grains.Hosting;
using Microsoft.Extensions.Hosting;

namespace Counter.Grains.Tests.Support;

/// <summary>A silo as the settings make it, with its own ports on loopback, that can be stopped and started again.</summary>
internal sealed class RunningSilo(ClusterSettings settings) : IAsyncDisposable
{
    private IHost? host;

    /// <summary>Settings with free ports.</summary>
    public static ClusterSettings FreePorts() => new() { SiloPort = FreePort(), GatewayPort = FreePort(), SiloAddress = "127.0.0.1" };

    /// <summary>Below those that connections are given, so that it is free still when somebody listens.</summary>
    public static int FreePort()
    {
        while (true)
        {
            try
            {
                using var listener = new TcpListener(IPAddress.Any, Random.Shared.Next(15000, 32000));
                listener.Start();
                return ((IPEndPoint)listener.LocalEndpoint).Port;
            }
            catch (SocketException)
            {
                // Somebody has it.
            }
        }
    }

    public async Task StartAsync()
    {
        if (settings.Store == ClusterSettings.Postgres)
        {
            await PostgresStore.PrepareAsync(settings.ConnectionString, CancellationToken.None);
        }

        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.UseOrleans(silo => silo.AddCounter(settings));
        host = builder.Build();
        await host.StartAsync();
    }

    public async Task StopAsync()
    {
        if (host is { } running)
        {
            host = null;
            await running.StopAsync();
            running.Dispose();
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync();
}
