using Counter.Counting.Pages;
using Counter.Grains.Gateways;
using Counter.Grains.Messages;
using Counter.Grains.Pages;
using Counter.Grains.Sites;

namespace Counter.Grains.Changes;

/// <inheritdoc cref="IEntryGrain"/>
[StatelessWorker, Reentrant]
internal sealed class EntryGrain(LiveGateways live, SitesHere sites) : Grain, IEntryGrain
{
    public async Task<GatewayTold> ReportAsync(GatewaySaid said)
    {
        if (!await live.KnowsAsync(said.Gateway))
        {
            return new GatewayTold(false, []);
        }

        var refused = await RefusedAsync(said);
        var told = await Task.WhenAll(said.Sites.Select(site => refused.Contains(site.Site)
            ? Task.FromResult(SiteTold.Refused(site))
            : GrainFactory.GetGrain<ISiteGrain>(site.Site).ReportAsync(said.Gateway, said.Most, site)));
        return new GatewayTold(told.All(t => t.Known), told);
    }

    public async Task<IReadOnlyList<NumberTold>> WatchAsync(Guid client, IReadOnlyList<CountKey> keys, IReadOnlyList<Seen> seen) => await Task.WhenAll(
        keys.Select((key, i) => key.Of == CountOf.Site
            ? GrainFactory.GetGrain<ISiteGrain>(key.Site).WatchAsync(client, seen[i])
            : GrainFactory.GetGrain<ICounterGrain>(GrainKeys.Of(new PageKey(key.Site, key.Path))).WatchAsync(client, key, seen[i])));

    /// <summary>The sites that there is no room for. Their grains are not even activated, so that invented names cost nothing.</summary>
    private async Task<IReadOnlyList<string>> RefusedAsync(GatewaySaid said)
    {
        List<string> unheard = [.. said.Sites.Select(site => site.Site).Where(site => !sites.IsListed(site))];
        if (unheard.Count == 0)
        {
            return [];
        }

        var refused = await GrainFactory.GetGrain<ISiteDirectoryGrain>(0).AddAsync(unheard, said.Most.Sites);
        foreach (var site in unheard.Except(refused))
        {
            sites.List(site);
        }

        return refused;
    }
}
