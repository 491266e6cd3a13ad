using Counter.Gateway.Monitor.Pictures;
using Counter.Gateway.Monitor.Sampling;
using Counter.Gateway.Operations;

namespace Counter.Gateway.Monitor;

/// <summary>Registers the services of the live monitor.</summary>
internal static class MonitorSetup
{
    /// <summary>Adds sampling, the cluster poller, and the pictures for browsers without script.</summary>
    public static void AddMonitor(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<MonitorViewers>();
        services.AddSingleton<SampleHistory>();
        services.AddSingleton<MessageChain>();
        services.AddSingleton<MonitorSocket>();
        services.AddSingleton(_ => new MachineUsage());
        services.AddHosted<ClusterPoller>();
        services.AddHostedService<Sampler>();
        services.AddHosted<MonitorImageFeeds>();
        services.AddSingleton<MonitorImages>();
    }
}
