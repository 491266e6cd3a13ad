namespace Counter.Counting.Play;

/// <summary>
/// A table at which two play and others watch: the seats, the turn, and the effect of a player who leaves. It is independent of requests
/// and pictures, and the caller passes the time. Not safe for concurrent use.
/// </summary>
/// <remarks>
/// A player has a ticket, a secret that only this player's page has. An invalid click (out of turn, on a taken square, by somebody who is
/// not a player) changes nothing and returns false.
/// </remarks>
/// <param name="grace">How long a player may be away, so that loading the page again ends nothing.</param>
/// <param name="now">The time.</param>
public sealed class Table(TimeSpan grace, DateTimeOffset now)
{
    // Longer than a page takes to load again, and than a text page takes to request again.
    private static readonly TimeSpan Notice = TimeSpan.FromSeconds(8);

    private readonly Seat[] seats = [new(), new()];
    private DateTimeOffset second = now;

    // The clicks in this second of X, of O, and of everybody else, so that a watcher cannot keep a player from moving.
    private readonly int[] clicks = new int[3];

    /// <summary>The board of the current or last game.</summary>
    public Board Board { get; private set; }

    /// <summary>The square of the last move; null before the first one.</summary>
    public int? Last { get; private set; }

    /// <summary>The seat with a mark in this game.</summary>
    public Seat this[Mark mark] => seats[(int)mark];

    /// <summary>The mark of the player with a ticket; null for somebody who is not a player.</summary>
    public Mark? MarkOf(string? ticket) => IsSeat(Mark.X, ticket) ? Mark.X : IsSeat(Mark.O, ticket) ? Mark.O : null;

    /// <summary>The seat that the next player gets; null if both are taken.</summary>
    public Mark? FreeSeat => !this[Mark.X].IsTaken ? Mark.X : !this[Mark.O].IsTaken ? Mark.O : null;

    /// <summary>Restores a game from a state that a gateway has, because the silo that had the game is gone.</summary>
    public void Restore(TableState state, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        (Board, Last) = (state.Board, state.Last);
        this[Mark.X].Restore(state.X, now);
        this[Mark.O].Restore(state.O, now);
    }

    /// <summary>The state of the table that gateways get.</summary>
    /// <param name="version">Rises with every state.</param>
    /// <param name="watching">The number of watchers who do not play.</param>
    public TableState ToState(long version, int watching) => new(version, Board, Last, this[Mark.X].ToState(), this[Mark.O].ToState(), watching);

    /// <summary>Counts a click.</summary>
    /// <param name="ticket">The ticket of whoever clicked; null for none.</param>
    /// <param name="most">The most clicks a second of each player, and of all others together.</param>
    /// <param name="now">The time.</param>
    /// <returns>False if the click exceeds the limit.</returns>
    public bool TryClick(string? ticket, int most, DateTimeOffset now)
    {
        if (now - second >= TimeSpan.FromSeconds(1) || now < second)
        {
            second = now;
            Array.Clear(clicks);
        }

        ref var mine = ref clicks[MarkOf(ticket) is { } mark ? (int)mark : 2];
        return mine < most && ++mine > 0;
    }

    /// <summary>A new player takes the free seat. A player who takes a seat after a game has ended wants another game.</summary>
    /// <param name="ticket">The player's new secret.</param>
    /// <param name="browser">Identifies the player's browser.</param>
    /// <param name="now">The time.</param>
    /// <returns>Whether there was a free seat.</returns>
    public bool TrySit(string ticket, ulong browser, DateTimeOffset now)
    {
        if (FreeSeat is not { } mark)
        {
            return false;
        }

        this[mark].Take(ticket, browser, now);
        TryPlayAgain(ticket, now);
        return true;
    }

    /// <summary>A player puts a mark into a square.</summary>
    /// <returns>Whether this was a valid move.</returns>
    public bool TryPlay(string ticket, int square, DateTimeOffset now)
    {
        if (MarkOf(ticket) is not { } mark || mark != Board.Turn || Board.Play(square) is not { } next)
        {
            return false;
        }

        this[mark].Act(now);
        (Board, Last) = (next, square);
        if (next.Winner is { } winner)
        {
            this[winner].Wins++;
        }

        return true;
    }

    /// <summary>
    /// A player wants another game. It begins when all players want it, with the marks swapped: the player who was second begins.
    /// </summary>
    /// <returns>Whether anything changed.</returns>
    public bool TryPlayAgain(string ticket, DateTimeOffset now)
    {
        if (!Board.IsOver || MarkOf(ticket) is not { } mark || this[mark].WantsAgain)
        {
            return false;
        }

        this[mark].Act(now);
        this[mark].WantsAgain = true;
        if (seats.All(seat => seat.WantsAgain || !seat.IsTaken))
        {
            (Board, Last) = (default, null);
            Array.Reverse(seats);
            Array.ForEach(seats, seat => seat.WantsAgain = false);
        }

        return true;
    }

    /// <summary>A player leaves for good.</summary>
    /// <returns>Whether the ticket is a player's.</returns>
    public bool TryLeave(string ticket)
    {
        if (MarkOf(ticket) is not { } mark)
        {
            return false;
        }

        this[mark].Leave();
        return true;
    }

    /// <summary>A player without a picture is still there.</summary>
    /// <returns>Whether anything changed.</returns>
    public bool TryStay(string ticket, DateTimeOffset now)
    {
        if (MarkOf(ticket) is not { } mark)
        {
            return false;
        }

        var hasChanged = !this[mark].IsTaken;
        this[mark].Act(now);
        return hasChanged;
    }

    /// <summary>A picture of the table is opened.</summary>
    public void OpenPicture(string? ticket)
    {
        if (MarkOf(ticket) is { } mark)
        {
            this[mark].OpenPicture();
        }
    }

    /// <summary>A picture of the table is closed.</summary>
    public void ClosePicture(string? ticket, DateTimeOffset now)
    {
        if (MarkOf(ticket) is { } mark)
        {
            this[mark].ClosePicture(now);
        }
    }

    /// <summary>Shows players as away, and gives up those who were away for too long.</summary>
    /// <returns>Whether anything changed.</returns>
    public bool Tick(DateTimeOffset now)
    {
        var hasChanged = false;
        foreach (var seat in seats.Where(seat => seat is { IsTaken: true, AwaySince: not null }))
        {
            var away = now - seat.AwaySince!.Value;
            if (away >= grace)
            {
                seat.GiveUp();
                hasChanged = true;
            }
            else if (away >= Notice && !seat.IsMissed)
            {
                seat.Miss();
                hasChanged = true;
            }
        }

        return hasChanged;
    }

    private bool IsSeat(Mark mark, string? ticket) => SeatState.IsSame(ticket, this[mark].Ticket);
}
