using Counter.Counting.Cluster;
using Counter.Counting.Embedded;
using Counter.Gateway.Settings;
using Counter.Gateway.Streaming;
using Microsoft.Extensions.Options;

namespace Counter.Gateway.Cluster;

/// <summary>Chooses the cluster engine.</summary>
internal static class ClusterSetup
{
    /// <summary>Adds the engine that <c>Cluster:Engine</c> names, and what reports to it.</summary>
    public static void AddCluster(this WebApplicationBuilder builder)
    {
        var data = builder.Services.AddSettings<DataOptions>(builder.Configuration, "Data");
        builder.Services.AddSettings<ClusterOptions>(builder.Configuration, "Cluster");
        builder.Services.AddSingleton<ICluster>(services =>
        {
            var limits = services.GetRequiredService<IOptions<LimitsOptions>>().Value;
            return new EmbeddedCluster(
                new EmbeddedOptions
                {
                    Directory = Path.GetFullPath(data.Directory),
                    SaveInterval = TimeSpan.FromSeconds(data.SaveSeconds),
                    MaxPagesPerSite = limits.PagesPerSite,
                    MaxSites = limits.Sites,
                },
                services.GetRequiredService<TimeProvider>(),
                services.GetRequiredService<ILogger<EmbeddedCluster>>());
        });
        builder.Services.AddSingleton<Reporter>();
        builder.Services.AddHostedService(services => services.GetRequiredService<Reporter>());
    }
}
