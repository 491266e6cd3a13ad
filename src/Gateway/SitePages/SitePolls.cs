using System.Collections.Immutable;
using Counter.Counting.Polls;
using Counter.Gateway.Documents;

namespace Counter.Gateway.SitePages;

/// <summary>The cached polls by site, so that a page does not look at the polls of all sites.</summary>
internal sealed class SitePolls(DocumentCache<Poll> documents)
{
    private volatile Index? last;

    /// <summary>The polls of a site, in the order of the admin API.</summary>
    public IEnumerable<Poll> Of(string site)
    {
        var now = documents.Entries;
        var index = last;
        if (index?.Entries != now)
        {
            last = index = new Index(now, now.ToLookup(poll => poll.Key[..poll.Key.IndexOf('/')], StringComparer.Ordinal));
        }

        return index.BySite[site].OrderBy(poll => poll.Key, StringComparer.Ordinal).Select(poll => poll.Value.Value);
    }

    private sealed record Index(ImmutableDictionary<string, Stored<Poll>> Entries, ILookup<string, KeyValuePair<string, Stored<Poll>>> BySite);
}
