using System.Collections.Concurrent;
using Counter.Counting.Cluster;

namespace Counter.Grains.Pages;

/// <summary>What the silo sees of an active page grain. The grain writes it; any thread of the silo may read it.</summary>
internal sealed class ActivePage(ICounterGrain grain, string site) : ActiveGrain
{
    private volatile PageStatus? status;

    public ICounterGrain Grain { get; } = grain;

    public string Site { get; } = site;

    /// <summary>The status of the page; null before the grain has set it.</summary>
    public PageStatus? Status { get => status; set => status = value; }

    public override bool HasViewers => status?.Viewers > 0;

    public override Task SaveAsync() => Grain.SaveAsync();
}

/// <summary>The active page grains of this silo. Safe for concurrent use.</summary>
internal sealed class ActivePages
{
    private readonly ConcurrentDictionary<ActivePage, byte> pages = [];

    public IEnumerable<ActivePage> All => pages.Select(p => p.Key);

    public int Count => pages.Count;

    public void Add(ActivePage page) => pages[page] = 0;

    public void Remove(ActivePage page) => pages.TryRemove(page, out _);

    /// <summary>The pages of this silo with the most viewers, busiest first.</summary>
    public IReadOnlyList<CountStatus> Busiest(int most) =>
    [
        .. All.Select(p => (p.Site, p.Status)).Where(p => p.Status is { Viewers: > 0 })
            .OrderByDescending(p => p.Status!.Viewers).ThenBy(p => p.Site, StringComparer.Ordinal).ThenBy(p => p.Status!.Path, StringComparer.Ordinal)
            .Take(most).Select(p => p.Status!.Status(p.Site)),
    ];
}
