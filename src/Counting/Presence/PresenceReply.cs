using Counter.Counting.Pages;

namespace Counter.Counting.Presence;

/// <summary>The answer to a batch.</summary>
/// <param name="Status">What became of it.</param>
/// <param name="Numbers">Of the numbers that the gateway shows: those that changed, and those of the pages that the batch names.</param>
/// <param name="Commands">What is to be done with streams of the gateway.</param>
[GenerateSerializer, Immutable, Alias("counter.PresenceReply")]
public sealed record PresenceReply(BatchStatus Status, IReadOnlyList<CountUpdate> Numbers, IReadOnlyList<StreamCommand> Commands)
{
    /// <summary>The gateway is to send a snapshot.</summary>
    public static PresenceReply Resync { get; } = new(BatchStatus.Resync, [], []);

    /// <summary>Nothing was taken.</summary>
    public static PresenceReply UnknownGateway { get; } = new(BatchStatus.UnknownGateway, [], []);
}

/// <summary>What became of a batch.</summary>
public enum BatchStatus
{
    /// <summary>It was applied, now or when it came before.</summary>
    Applied,

    /// <summary>A batch before it is missing, or an earlier activation had it: the gateway is to send what it has open as a snapshot.</summary>
    Resync,

    /// <summary>The gateway is not known to be alive: it is to renew, and to send the batch again.</summary>
    UnknownGateway,
}

/// <summary>What a gateway is to do with one of its streams.</summary>
/// <param name="Stream">The stream.</param>
/// <param name="Kind">What to do.</param>
/// <param name="Ground">Why it is probed.</param>
/// <param name="IsSuspected">Whether its view does not count until it was probed.</param>
[GenerateSerializer, Immutable, Alias("counter.StreamCommand")]
public readonly record struct StreamCommand(long Stream, CommandKind Kind, ProbeGround Ground = default, bool IsSuspected = false);

/// <summary>What to do with a stream.</summary>
public enum CommandKind
{
    /// <summary>Probe it, and say when the probe was written.</summary>
    Probe,

    /// <summary>Probe it now and then.</summary>
    Watch,

    /// <summary>Probe it now and then no longer: another stream of its view is.</summary>
    Unwatch,

    /// <summary>End it: its connection is needed.</summary>
    End,

    /// <summary>End it: its page is not counted, since there are as many as there may be.</summary>
    Refuse,
}
