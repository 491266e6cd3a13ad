namespace Counter.Counting.Play;

/// <summary>A seat at a table, taken or free.</summary>
public sealed class Seat
{
    private ulong browser;

    /// <summary>The secret of the player who has the seat, or had it last; null if nobody ever had.</summary>
    public string? Ticket { get; private set; }

    /// <summary>Whether a player has the seat, even if away for a moment.</summary>
    public bool IsTaken { get; private set; }

    /// <summary>The number of pictures of the table that the player has open.</summary>
    public int Pictures { get; private set; }

    /// <summary>Since when the player has no picture open; null while the player has one, and while the seat is free.</summary>
    public DateTimeOffset? AwaySince { get; private set; }

    /// <summary>Whether the player has been away long enough to be shown as away.</summary>
    public bool IsMissed { get; private set; }

    /// <summary>The games the player has won at this table.</summary>
    public int Wins { get; set; }

    /// <summary>Whether the player wants another game.</summary>
    public bool WantsAgain { get; set; }

    /// <summary>
    /// A page with the player's secret is opened. While the player has a picture open, only the same browser may do so. Another browser is
    /// somebody who was sent the address of the player's page.
    /// </summary>
    /// <returns>Whether it may be the player.</returns>
    public bool TryOpen(ulong browser)
    {
        if (Pictures > 0 && browser != this.browser)
        {
            return false;
        }

        this.browser = browser;
        return true;
    }

    /// <summary>A player takes the seat, and is expected to open a picture soon.</summary>
    public void Take(string ticket, ulong browser, DateTimeOffset now)
    {
        this.browser = browser;
        (Ticket, IsTaken, IsMissed, Pictures, AwaySince, Wins, WantsAgain) = (ticket, true, false, 0, now, 0, false);
    }

    /// <summary>The player opens a picture. A player who was given up gets the seat back if nobody else has taken it.</summary>
    public void OpenPicture() => (IsTaken, IsMissed, Pictures, AwaySince) = (true, false, Pictures + 1, null);

    /// <summary>The player closes a picture.</summary>
    public void ClosePicture(DateTimeOffset now)
    {
        Pictures = Math.Max(0, Pictures - 1);
        AwaySince = Pictures > 0 || !IsTaken ? null : AwaySince ?? now;
    }

    /// <summary>The player acts, with or without an open picture.</summary>
    public void Act(DateTimeOffset now) => (IsTaken, IsMissed, AwaySince) = (true, false, Pictures > 0 ? null : now);

    /// <summary>Shows the player as away.</summary>
    public void Miss() => IsMissed = true;

    /// <summary>The player was away for too long. Anybody may take the seat, including the player.</summary>
    public void GiveUp() => (IsTaken, IsMissed, AwaySince, WantsAgain) = (false, false, null, false);

    /// <summary>Restores the seat from a state that a gateway has. Gateways report the open pictures next.</summary>
    internal void Restore(SeatState state, DateTimeOffset now) =>
        (Ticket, IsTaken, IsMissed, AwaySince, Wins, WantsAgain) =
        (state.Ticket, state.IsTaken, state.IsMissed, state.IsTaken ? now : null, state.Wins, state.WantsAgain);

    /// <summary>The state of the seat that gateways get.</summary>
    internal SeatState ToState() => new(Ticket, IsTaken, IsMissed, Wins, WantsAgain);

    /// <summary>The player leaves for good.</summary>
    public void Leave() => (Ticket, IsTaken, IsMissed, Pictures, AwaySince, Wins, WantsAgain) = (null, false, false, 0, null, 0, false);
}
