using Counter.Counting.Cluster;
using Counter.Counting.Documents;
using Counter.Gateway.Settings;

namespace Counter.Gateway.Sites;

/// <summary>What knowing the sites is made of.</summary>
internal static class SitesSetup
{
    /// <summary>Adds the settings of sites.</summary>
    public static void AddSites(this WebApplicationBuilder builder)
    {
        builder.Services.AddSettings<SitesOptions>(builder.Configuration, "Sites");
        builder.Services.AddBook<SiteSettings>(DocumentKind.Site);
        builder.Services.AddSingleton<SiteBook>();
        builder.Services.AddSingleton<SiteRules>();
    }

    /// <summary>Adds the documents of a kind, at hand for those who serve requests.</summary>
    public static void AddBook<T>(this IServiceCollection services, DocumentKind kind)
        where T : class
    {
        services.AddSingleton(provider => new DocumentBook<T>(
            kind,
            provider.GetRequiredService<ICluster>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<DocumentBook<T>>>()));
        services.AddHostedService(provider => provider.GetRequiredService<DocumentBook<T>>());
    }
}
