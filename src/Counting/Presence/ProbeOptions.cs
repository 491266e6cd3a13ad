namespace Counter.Counting.Presence;

/// <summary>How streams are probed.</summary>
/// <param name="Interval">The time between two periodic probes of a view; zero for none.</param>
/// <param name="PerSecond">The most probes a second; 0 for twice what the interval needs.</param>
public sealed record ProbeOptions(TimeSpan Interval, int PerSecond = 0)
{
    /// <summary>A probe of each view every 15 s.</summary>
    public static ProbeOptions Default { get; } = new(TimeSpan.FromSeconds(15));
}

/// <summary>Why a stream is probed.</summary>
public enum ProbeGround
{
    /// <summary>Its visitor opened another view.</summary>
    Opening,

    /// <summary>It has not been probed for an interval.</summary>
    Periodic,

    /// <summary>A prerendered page waits for it to be gone.</summary>
    Prerender,

    /// <summary>Its browser has few connections left.</summary>
    Connections,
}
