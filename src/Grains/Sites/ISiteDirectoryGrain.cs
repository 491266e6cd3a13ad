using Counter.Counting.Cluster;

namespace Counter.Grains.Sites;

/// <summary>Lists the sites and sums them up. There is one grain, with the key 0.</summary>
[Alias("counter.ISiteDirectoryGrain")]
internal interface ISiteDirectoryGrain : IGrainWithIntegerKey
{
    /// <summary>Whether there is room for more pages. When there is none, the least valuable pages are deleted first.</summary>
    /// <param name="most">The maximum number of pages of all sites together.</param>
    [Alias("HasRoom")]
    Task<bool> HasRoomAsync(int most);

    /// <summary>Adds sites, in order. When there is no room, the least valuable sites are deleted first.</summary>
    /// <returns>The sites that are refused because of the limit.</returns>
    [Alias("Add")]
    Task<IReadOnlyList<string>> AddAsync(IReadOnlyList<string> more, int most);

    /// <summary>Removes a site that has no pages.</summary>
    [Alias("Remove")]
    Task RemoveAsync(string site);

    /// <summary>The totals of all sites.</summary>
    [Alias("Totals")]
    Task<ClusterTotals> TotalsAsync();

    /// <summary>The sites with pages or settings.</summary>
    [Alias("List")]
    Task<IReadOnlyList<SiteStatus>> ListAsync(CountQuery query);

    /// <summary>The pages of all sites with the most viewers now.</summary>
    [Alias("Busiest")]
    Task<IReadOnlyList<CountStatus>> BusiestAsync(int most);

    /// <summary>
    /// Makes sites delete pages whose history has expired. The grain also does this by itself, so a call does nothing until it is due.
    /// </summary>
    [Alias("Tidy")]
    Task TidyAsync();
}
