using System.Collections.Concurrent;
using Counter.Counting.Presence;

namespace Counter.Grains.Presence;

/// <summary>What the silo sees of an active presence grain. The grain writes it; any thread of the silo may read it.</summary>
internal sealed class ActivePresence(IPresenceGrain grain)
{
    private volatile string[] gateways = [];
    private volatile bool isBehind;

    public IPresenceGrain Grain => grain;

    /// <summary>The gateways with streams of the site.</summary>
    public string[] Gateways { get => gateways; set => gateways = value; }

    /// <summary>Whether there are changes that the site's grain has not confirmed.</summary>
    public bool IsBehind { get => isBehind; set => isBehind = value; }
}

/// <summary>The active presence grains of this silo. Safe for concurrent use.</summary>
internal sealed class ActivePresences(CountingOptions options)
{
    private readonly ConcurrentDictionary<ActivePresence, byte> presences = [];

    /// <summary>The outcomes of the probes of this silo.</summary>
    public ProbeRecord Probes { get; } = new(options.Clock);

    public IEnumerable<ActivePresence> All => presences.Select(presence => presence.Key);

    public void Add(ActivePresence presence) => presences[presence] = 0;

    public void Remove(ActivePresence presence) => presences.TryRemove(presence, out _);
}
