namespace Counter.Counting.Play;

/// <summary>Where somebody sits at a table, or somebody could.</summary>
public sealed class Seat
{
    private ulong browser;

    /// <summary>The secret of whoever sits here, or sat here last; null when nobody ever did.</summary>
    public string? Ticket { get; private set; }

    /// <summary>Whether somebody sits here, looking or away for a moment.</summary>
    public bool IsTaken { get; private set; }

    /// <summary>How many pictures of the table the player has open.</summary>
    public int Looking { get; private set; }

    /// <summary>Since when the player has not looked; null while one does, and when nobody sits here.</summary>
    public DateTimeOffset? AwaySince { get; private set; }

    /// <summary>Whether that is so long ago that others are told.</summary>
    public bool IsMissed { get; private set; }

    /// <summary>The games the player has won at this table.</summary>
    public int Wins { get; set; }

    /// <summary>Whether the player wants another game.</summary>
    public bool WantsAgain { get; set; }

    /// <summary>
    /// A page with the player's secret is opened. While the player looks, that is only right in the same browser: else it is somebody to
    /// whom the player has sent the address of the own page.
    /// </summary>
    /// <returns>Whether it may be the player.</returns>
    public bool TryOpen(ulong browser)
    {
        if (Looking > 0 && browser != this.browser)
        {
            return false;
        }

        this.browser = browser;
        return true;
    }

    /// <summary>Somebody sits down, and is expected to look soon.</summary>
    public void Take(string ticket, ulong browser, DateTimeOffset now)
    {
        this.browser = browser;
        (Ticket, IsTaken, IsMissed, Looking, AwaySince, Wins, WantsAgain) = (ticket, true, false, 0, now, 0, false);
    }

    /// <summary>The player opens the picture; who was given up and comes before anybody else sits down goes on.</summary>
    public void Look() => (IsTaken, IsMissed, Looking, AwaySince) = (true, false, Looking + 1, null);

    /// <summary>The player closes the picture.</summary>
    public void LookAway(DateTimeOffset now)
    {
        Looking = Math.Max(0, Looking - 1);
        AwaySince = Looking > 0 || !IsTaken ? null : AwaySince ?? now;
    }

    /// <summary>The player does something, seen or not.</summary>
    public void Act(DateTimeOffset now) => (IsTaken, IsMissed, AwaySince) = (true, false, Looking > 0 ? null : now);

    /// <summary>The player has been away for a while.</summary>
    public void Miss() => IsMissed = true;

    /// <summary>The player was away for too long. Anybody may sit down here, the player too.</summary>
    public void GiveUp() => (IsTaken, IsMissed, AwaySince, WantsAgain) = (false, false, null, false);

    /// <summary>Takes up what gateways know of a seat; whoever looks says so next.</summary>
    internal void Restore(SeatState state, DateTimeOffset now) =>
        (Ticket, IsTaken, IsMissed, AwaySince, Wins, WantsAgain) =
        (state.Ticket, state.IsTaken, state.IsMissed, state.IsTaken ? now : null, state.Wins, state.WantsAgain);

    /// <summary>The seat as gateways know it.</summary>
    internal SeatState ToState() => new(Ticket, IsTaken, IsMissed, Wins, WantsAgain);

    /// <summary>The player has left and does not come back.</summary>
    public void Leave() => (Ticket, IsTaken, IsMissed, Looking, AwaySince, Wins, WantsAgain) = (null, false, false, 0, null, 0, false);
}
