using System.ComponentModel.DataAnnotations;

namespace Counter.Gateway.Relay;

/// <summary>The section <c>Relay</c>: what a channel may cost. A channel's own settings can only allow less.</summary>
internal sealed class RelayOptions
{
    /// <summary>Bytes of one picture. The settings of a channel can only lower it.</summary>
    [Range(1024, 67_108_864)]
    public int MaxFrameBytes { get; set; } = 2 * 1024 * 1024;

    /// <summary>Pictures a second of a channel. The settings of a channel can only lower it.</summary>
    [Range(1, 120)]
    public int MaxFramesPerSecond { get; set; } = 30;

    /// <summary>Seconds after which a publisher that is silent inside a picture is ended.</summary>
    [Range(1, 3600)]
    public int StallSeconds { get; set; } = 10;

    /// <summary>Seconds after which a publisher that is silent between two pictures is ended.</summary>
    [Range(1, 86_400)]
    public int IdleSeconds { get; set; } = 60;

    /// <summary>Channels whose last picture is kept.</summary>
    [Range(1, 100_000)]
    public int Channels { get; set; } = 100;
}
