namespace Counter.Counting.Presence;

/// <summary>One stream that is open at this gateway and counts somebody.</summary>
/// <param name="number">Names it among those of this gateway: rises with every stream.</param>
/// <param name="arrival">Whose it is, and on which page.</param>
/// <param name="response">Where its frames go.</param>
/// <param name="openedAt">When it opened, as a timestamp.</param>
public sealed class StreamEntry(long number, Arrival arrival, IOpenResponse response, long openedAt)
{
    private volatile bool isAcknowledged;

    /// <summary>Its number.</summary>
    public long Number => number;

    /// <summary>Whose it is, and on which page.</summary>
    public Arrival Arrival => arrival;

    /// <summary>Where its frames go.</summary>
    public IOpenResponse Response => response;

    /// <summary>Whether the presence of its site has answered a batch that said that it opened.</summary>
    public bool IsAcknowledged { get => isAcknowledged; internal set => isAcknowledged = value; }

    /// <summary>Whether it was ended here, and not by its browser.</summary>
    public bool IsEnded { get; set; }

    // What follows is guarded by the lock of StreamProbes.
    internal ProbeGround ProbeGround { get; set; }

    internal bool IsProbeUnderWay { get; set; }

    internal long ProbeAskedAt { get; set; } = long.MinValue;

    internal long ProbeWrittenAt { get; set; } = long.MinValue;

    internal long ProbeDueAt { get; set; } = long.MaxValue;

    internal long SuspectedAt { get; set; } = long.MinValue;

    /// <summary>What the presence of its site is told.</summary>
    /// <param name="now">When, as a timestamp: one for all that is told together, or their order would get lost.</param>
    /// <param name="clock">What timestamps are of.</param>
    internal StreamOpening Describe(long now, TimeProvider clock) => new(
        arrival.Page.Path, arrival.Visitor.Kind, arrival.Visitor.Id, arrival.Before?.Id, arrival.Issued?.Id, TextHash.Of(arrival.Picture),
        arrival.Load is { } load ? TextHash.Of(load) : 0, arrival.Settles, arrival.Prerendered, arrival.Browser, arrival.Network,
        clock.GetElapsedTime(openedAt, now), IsAcknowledged);
}
