using System.Collections.Concurrent;
using Counter.Counting.Presence;

namespace Counter.Grains.Presence;

/// <summary>The presence of a site whose grain is in this silo, as others in the silo may see it. The grain writes it, anybody reads it.</summary>
internal sealed class ActivePresence(IPresenceGrain grain)
{
    private volatile string[] gateways = [];
    private volatile bool isBehind;

    /// <summary>The grain.</summary>
    public IPresenceGrain Grain => grain;

    /// <summary>The gateways that have something there.</summary>
    public string[] Gateways { get => gateways; set => gateways = value; }

    /// <summary>Whether the site has not been told everything.</summary>
    public bool IsBehind { get => isBehind; set => isBehind = value; }
}

/// <summary>The presences whose grains are in this silo. Safe for concurrent use.</summary>
internal sealed class ActivePresences(CountingOptions options)
{
    private readonly ConcurrentDictionary<ActivePresence, byte> presences = [];

    /// <summary>Whether probes work, as far as is noted in this silo.</summary>
    public ProbeRecord Probes { get; } = new(options.Clock);

    /// <summary>All of them.</summary>
    public IEnumerable<ActivePresence> All => presences.Select(presence => presence.Key);

    /// <summary>A grain was activated.</summary>
    public void Add(ActivePresence presence) => presences[presence] = 0;

    /// <summary>A grain has left.</summary>
    public void Remove(ActivePresence presence) => presences.TryRemove(presence, out _);
}
