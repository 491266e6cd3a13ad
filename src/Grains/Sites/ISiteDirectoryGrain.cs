using Counter.Counting.Cluster;

namespace Counter.Grains.Sites;

/// <summary>Knows which sites there are; there is one, with the key 0. Whoever lists sites or sums them up asks it.</summary>
[Alias("counter.ISiteDirectoryGrain")]
internal interface ISiteDirectoryGrain : IGrainWithIntegerKey
{
    /// <summary>Whether there is room for more pages. Where there is none, those that are worth least make it.</summary>
    /// <param name="most">The most pages of all sites.</param>
    [Alias("HasRoom")]
    Task<bool> HasRoomAsync(int most);

    /// <summary>Sites are to be counted, the first ones first. Where there is no room, those that are worth least make it.</summary>
    /// <returns>Those that may not be: there are as many sites as there may be.</returns>
    [Alias("Add")]
    Task<IReadOnlyList<string>> AddAsync(IReadOnlyList<string> more, int most);

    /// <summary>Nothing is left of a site.</summary>
    [Alias("Remove")]
    Task RemoveAsync(string site);

    /// <summary>The whole installation in a few numbers.</summary>
    [Alias("Totals")]
    Task<ClusterTotals> TotalsAsync();

    /// <summary>The sites that are known or have settings.</summary>
    [Alias("List")]
    Task<IReadOnlyList<SiteStatus>> ListAsync(CountQuery query);

    /// <summary>The pages of all sites that most people look at now.</summary>
    [Alias("Busiest")]
    Task<IReadOnlyList<CountStatus>> BusiestAsync(int most);

    /// <summary>
    /// Has sites let go of what is not kept any longer. The same is done by itself now and then; who asks for it too does no harm, and
    /// knows when it is done.
    /// </summary>
    [Alias("Tidy")]
    Task TidyAsync();
}
