using Counter.Counting.Documents;
using Counter.Gateway.Documents;
using Counter.Grains.Hosting;

namespace Counter.Gateway.Sites;

/// <summary>Registers the settings of sites.</summary>
internal static class SitesSetup
{
    /// <summary>Adds the settings of sites.</summary>
    public static void AddSites(this WebApplicationBuilder builder)
    {
        builder.Services.AddSettings<SitesOptions>(builder.Configuration, "Sites");
        builder.Services.AddBook<SiteSettings>(DocumentKind.Site);
        builder.Services.AddSingleton<SiteSettingsCache>();
        builder.Services.AddSingleton<SiteSettingsValidator>();
    }
}
