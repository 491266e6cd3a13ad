namespace Counter.Counting.Presence;

/// <summary>One open stream, as <see cref="Presence"/> hands it out to be given back.</summary>
public sealed class PresenceTicket
{
    internal PresenceTicket(string gateway, long number, ulong picture, ulong load, SettledBy settles, IOpenResponse? response) =>
        (Gateway, Number, Picture, Load, Settles, Response) = (gateway, number, picture, load, settles, response);

    internal View View { get; set; } = null!;

    /// <summary>The gateway that holds it, and its number there.</summary>
    internal string Gateway { get; }

    internal long Number { get; }

    /// <summary>What it shows, as a hash.</summary>
    internal ulong Picture { get; }

    /// <summary>What its page load calls itself, as a hash; 0 when it does not say.</summary>
    internal ulong Load { get; }

    internal SettledBy Settles { get; }

    /// <summary>The browser and its version, where its probes are noted.</summary>
    internal string? Browser { get; init; }

    /// <summary>The client's network, as a hash; null where it need not be told apart.</summary>
    internal ulong? Network { get; init; }

    /// <summary>Where frames go; null when another gateway holds the stream.</summary>
    internal IOpenResponse? Response { get; }

    /// <summary>The snapshot of its gateway that last had it.</summary>
    internal int Snapshot { get; set; }
}
