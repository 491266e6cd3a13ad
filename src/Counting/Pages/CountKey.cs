namespace Counter.Counting.Pages;

/// <summary>What a number counts.</summary>
public enum CountOf
{
    /// <summary>The viewers of one page.</summary>
    Page,

    /// <summary>The viewers of all pages of a site.</summary>
    Site,

    /// <summary>The distinct visitors of a site: browsers, each counted once for any number of open pages.</summary>
    Visitors,

    /// <summary>The viewers of a site whose streams are at one gateway. Only that gateway gets the number.</summary>
    Gateway,

    /// <summary>The viewers that ever came to a page or a site.</summary>
    Arrivals,

    /// <summary>Those that came since midnight.</summary>
    Today,

    /// <summary>The most viewers that a page or a site ever had at once.</summary>
    Peak,
}

/// <summary>Identifies one number that can be shown: the viewers of a page or of a whole site, a site's visitors, or a total of a page or site.</summary>
/// <param name="Of">What is counted.</param>
/// <param name="Site">The site, as in <see cref="PageKey.Site"/>.</param>
/// <param name="Path">The path of the page; the id of the gateway for its viewers; otherwise empty.</param>
/// <param name="Zone">The IANA name of the time zone of <see cref="CountOf.Today"/>; otherwise null.</param>
[GenerateSerializer, Immutable, Alias("counter.CountKey")]
public readonly record struct CountKey(CountOf Of, string Site, string Path, string? Zone = null)
{
    /// <summary>Whether it is a total, which the grain of the page or site keeps.</summary>
    public bool IsTotal => Of is CountOf.Arrivals or CountOf.Today or CountOf.Peak;

    /// <summary>The viewers of the page or site of a total.</summary>
    public CountKey ToViewers() => For(Site, Path);

    /// <summary>Whether viewers of a page of the site are part of it.</summary>
    public bool IsOf(PageKey page) => Of == CountOf.Gateway || Path.Length == 0 || Path == page.Path;

    /// <summary>The number of a page, or of the whole site if the path is empty, as engines store them.</summary>
    public static CountKey For(string site, string path) => path.Length == 0 ? ForSite(site) : new(CountOf.Page, site, path);

    /// <summary>The number of one page.</summary>
    public static CountKey ForPage(PageKey page) => new(CountOf.Page, page.Site, page.Path);

    /// <summary>The number of a whole site.</summary>
    public static CountKey ForSite(string site) => new(CountOf.Site, site, "");

    /// <summary>The distinct visitors of a site.</summary>
    public static CountKey ForVisitors(string site) => new(CountOf.Visitors, site, "");

    /// <summary>A total of a page, or of the whole site where the path is empty.</summary>
    public static CountKey ForTotal(CountOf of, string site, string path, string? zone = null) => new(of, site, path, zone);

    /// <summary>The viewers of a site whose streams are at one gateway.</summary>
    public static CountKey ForGateway(string site, string gateway) => new(CountOf.Gateway, site, gateway);
}
