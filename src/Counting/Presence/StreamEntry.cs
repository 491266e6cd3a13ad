namespace Counter.Counting.Presence;

/// <summary>One open stream of this gateway that counts somebody.</summary>
/// <param name="number">Identifies it at this gateway: rises with every stream.</param>
/// <param name="origin">The request that opened it.</param>
/// <param name="response">Its response.</param>
/// <param name="openedAt">When it opened, as a timestamp.</param>
public sealed class StreamEntry(long number, StreamOrigin origin, IOpenResponse response, long openedAt)
{
    private volatile bool isAcknowledged;

    /// <summary>Its number.</summary>
    public long Number => number;

    /// <summary>The request that opened it.</summary>
    public StreamOrigin Origin => origin;

    /// <summary>Its response.</summary>
    public IOpenResponse Response => response;

    /// <summary>Whether the presence of its site has answered a batch with its opening.</summary>
    public bool IsAcknowledged { get => isAcknowledged; internal set => isAcknowledged = value; }

    /// <summary>Whether the gateway ended it, and not its browser.</summary>
    public bool IsEnded { get; set; }

    // The lock of StreamProbes guards the following properties.
    internal ProbeGround ProbeGround { get; set; }

    internal bool IsProbeUnderWay { get; set; }

    internal long ProbeAskedAt { get; set; } = long.MinValue;

    internal long ProbeWrittenAt { get; set; } = long.MinValue;

    internal long ProbeDueAt { get; set; } = long.MaxValue;

    internal long SuspectedAt { get; set; } = long.MinValue;

    /// <summary>The opening as a batch has it.</summary>
    /// <param name="now">The time, as a timestamp. All streams of a batch use the same one, or their order would be lost.</param>
    /// <param name="clock">The clock of the timestamps.</param>
    internal StreamOpening Describe(long now, TimeProvider clock) => new(
        origin.Page.Path, origin.Visitor.Kind, origin.Visitor.Id, origin.Before?.Id, origin.Issued?.Id, TextHash.Of(origin.Picture),
        origin.Load is { } load ? TextHash.Of(load) : 0, origin.Settles, origin.Prerendered, origin.Browser, origin.Network,
        clock.GetElapsedTime(openedAt, now), IsAcknowledged, origin.IsAgain);
}
