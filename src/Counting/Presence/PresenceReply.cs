using Counter.Counting.Pages;

namespace Counter.Counting.Presence;

/// <summary>The answer to a batch.</summary>
/// <param name="Status">Whether the batch was applied.</param>
/// <param name="Numbers">Of the numbers that the gateway shows, those that changed and those of the pages that the batch names.</param>
/// <param name="Commands">The commands for streams of the gateway.</param>
[GenerateSerializer, Immutable, Alias("counter.PresenceReply")]
public sealed record PresenceReply(BatchStatus Status, IReadOnlyList<CountUpdate> Numbers, IReadOnlyList<StreamCommand> Commands)
{
    /// <summary>Asks the gateway for a snapshot.</summary>
    public static PresenceReply Resync { get; } = new(BatchStatus.Resync, [], []);

    /// <summary>The batch was not applied, because the gateway is not known to be alive.</summary>
    public static PresenceReply UnknownGateway { get; } = new(BatchStatus.UnknownGateway, [], []);
}

/// <summary>Whether a batch was applied.</summary>
public enum BatchStatus
{
    /// <summary>It was applied, now or when it was first received.</summary>
    Applied,

    /// <summary>A batch before it is missing or was applied by an earlier activation: the gateway must send a snapshot.</summary>
    Resync,

    /// <summary>The gateway is not known to be alive: it must renew its lease and send the batch again.</summary>
    UnknownGateway,
}

/// <summary>A command for one stream of a gateway.</summary>
/// <param name="Stream">The stream.</param>
/// <param name="Kind">What to do.</param>
/// <param name="Ground">The reason for a probe.</param>
/// <param name="IsSuspected">Whether its view is suspected, so that it does not count until it was probed.</param>
[GenerateSerializer, Immutable, Alias("counter.StreamCommand")]
public readonly record struct StreamCommand(long Stream, CommandKind Kind, ProbeGround Ground = default, bool IsSuspected = false);

/// <summary>What to do with a stream.</summary>
public enum CommandKind
{
    /// <summary>Probe it, and report when the probe was written.</summary>
    Probe,

    /// <summary>Probe it periodically.</summary>
    Watch,

    /// <summary>Stop probing it periodically, because another stream of its view is.</summary>
    Unwatch,

    /// <summary>End it, because its connection is needed.</summary>
    End,

    /// <summary>End it, because its page is over a limit and is not counted.</summary>
    Refuse,
}
