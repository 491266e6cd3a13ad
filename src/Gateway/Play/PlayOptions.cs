using System.ComponentModel.DataAnnotations;

namespace Counter.Gateway.Play;

/// <summary>The section <c>Play</c>: what the game may cost.</summary>
internal sealed class PlayOptions
{
    /// <summary>Tables of each silo; 0: the game is off.</summary>
    [Range(0, 1_000_000)]
    public int Tables { get; set; } = 1000;

    /// <summary>Tables that one address has started at a gateway (IPv6: one /64).</summary>
    [Range(1, 1_000_000)]
    public int TablesPerAddress { get; set; } = 20;

    /// <summary>Clicks that a table accepts of each player, and of all others together.</summary>
    [Range(1, 1000)]
    public int ClicksPerSecond { get; set; } = 20;

    /// <summary>Seconds that a player may be away.</summary>
    /// <remarks>Then somebody else may sit down.</remarks>
    [Range(1, 3600)]
    public int GraceSeconds { get; set; } = 20;

    /// <summary>Seconds after which a table without watchers ends.</summary>
    [Range(1, 86_400)]
    public int QuietSeconds { get; set; } = 180;
}
