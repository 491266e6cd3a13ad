using System.ComponentModel.DataAnnotations;

namespace Counter.Gateway.Play;

/// <summary>The section <c>Play</c>: what the game may cost.</summary>
internal sealed class PlayOptions
{
    /// <summary>Tables of each silo.</summary>
    [Range(0, 1_000_000)]
    public int Tables { get; set; } = 1000;

    /// <summary>Tables that one address may have begun; for IPv6, one /64 network.</summary>
    [Range(1, 1_000_000)]
    public int TablesPerAddress { get; set; } = 20;

    /// <summary>Clicks a second that a table takes of each player, and of all others together.</summary>
    [Range(1, 1000)]
    public int ClicksPerSecond { get; set; } = 20;

    /// <summary>Seconds for which a player may be away before somebody else may sit down.</summary>
    [Range(1, 3600)]
    public int GraceSeconds { get; set; } = 20;

    /// <summary>Seconds after which a table that nobody looks at ends.</summary>
    [Range(1, 86_400)]
    public int QuietSeconds { get; set; } = 180;
}
