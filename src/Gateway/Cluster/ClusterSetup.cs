using Counter.Counting.Cluster;
using Counter.Counting.Embedded;
using Counter.Gateway.Operations;
using Counter.Gateway.Settings;
using Counter.Gateway.Streaming;
using Counter.Postgres;
using Microsoft.Extensions.Options;

namespace Counter.Gateway.Cluster;

/// <summary>Chooses the cluster engine.</summary>
internal static class ClusterSetup
{
    /// <summary>Adds the engine that <c>Cluster:Engine</c> names, and what reports to it.</summary>
    public static void AddCluster(this WebApplicationBuilder builder)
    {
        var data = builder.Services.AddSettings<DataOptions>(builder.Configuration, "Data");
        var cluster = builder.Services.AddSettings<ClusterOptions>(builder.Configuration, "Cluster");
        if (cluster.Address.Length > 0 && !IsGatewayAddress(cluster.Address))
        {
            throw new SettingException($"Cluster:Address is '{cluster.Address}'; allowed is where the other gateways reach this one, such as http://10.0.0.5:9192.");
        }

        builder.Services.AddSingleton<ThisGateway>();
        builder.Services.AddHosted<ClusterSecret>();
        if (cluster.Engine == ClusterOptions.Postgres)
        {
            var connectionString = ConnectionString(cluster, builder.Configuration);
            builder.Services.AddSingleton<ICluster>(services => Postgres(services, connectionString));
        }
        else if (cluster.Engine == ClusterOptions.Orleans)
        {
            builder.AddOrleans(data);
        }
        else
        {
            builder.Services.AddSingleton<ICluster>(services => Embedded(services, data));
        }

        builder.Services.AddHosted<Reporter>();
    }

    private static EmbeddedCluster Embedded(IServiceProvider services, DataOptions data)
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
    }

    private static PostgresCluster Postgres(IServiceProvider services, string connectionString)
    {
        var limits = services.GetRequiredService<IOptions<LimitsOptions>>().Value;
        try
        {
            return new PostgresCluster(
                new PostgresOptions { ConnectionString = connectionString, MaxPagesPerSite = limits.PagesPerSite, MaxSites = limits.Sites },
                services.GetRequiredService<TimeProvider>(),
                services.GetRequiredService<ILogger<PostgresCluster>>());
        }
        catch (ArgumentException)
        {
            // The message of the exception may have the password in it.
            throw new SettingException("Cluster:ConnectionString cannot be understood; it is like Host=db;Database=counter;Username=counter;Password=….");
        }
    }

    private static string ConnectionString(ClusterOptions cluster, IConfiguration configuration) =>
        cluster.ConnectionString is { Length: > 0 } own ? own
        : configuration.GetConnectionString("Counter") is { Length: > 0 } shared ? shared
        : throw new SettingException("Cluster:Engine is Postgres, but Cluster:ConnectionString is empty; it is like Host=db;Database=counter;Username=counter;Password=….");

    private static bool IsGatewayAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address)
        && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
        && address.Host.Length > 0 && address.PathAndQuery == "/" && address.UserInfo.Length == 0;
}
