using System.Collections.Concurrent;
using Counter.Counting.Cluster;

namespace Counter.Grains.Pages;

/// <summary>A page whose grain is in this silo, as others in the silo may see it. The grain writes it, anybody reads it.</summary>
internal sealed class ActivePage(ICounterGrain grain, string site) : ActiveGrain
{
    private volatile PageStatus? status;

    /// <summary>The grain.</summary>
    public ICounterGrain Grain { get; } = grain;

    /// <summary>The site of the page.</summary>
    public string Site { get; } = site;

    /// <summary>How the page is.</summary>
    public PageStatus? News { get => status; set => status = value; }

    public override bool HasViewers => status?.Viewers > 0;

    public override Task SaveAsync() => Grain.SaveAsync();
}

/// <summary>The pages whose grains are in this silo. Safe for concurrent use.</summary>
internal sealed class ActivePages
{
    private readonly ConcurrentDictionary<ActivePage, byte> pages = [];

    /// <summary>All of them.</summary>
    public IEnumerable<ActivePage> All => pages.Select(p => p.Key);

    /// <summary>How many there are.</summary>
    public int Count => pages.Count;

    /// <summary>A grain was activated.</summary>
    public void Add(ActivePage page) => pages[page] = 0;

    /// <summary>A grain has left.</summary>
    public void Remove(ActivePage page) => pages.TryRemove(page, out _);

    /// <summary>The pages here that most people look at, busiest first.</summary>
    public IReadOnlyList<CountStatus> Busiest(int most) =>
    [
        .. All.Select(p => (p.Site, p.News)).Where(p => p.News is { Viewers: > 0 })
            .OrderByDescending(p => p.News!.Viewers).ThenBy(p => p.Site, StringComparer.Ordinal).ThenBy(p => p.News!.Path, StringComparer.Ordinal)
            .Take(most).Select(p => p.News!.Status(p.Site)),
    ];
}
