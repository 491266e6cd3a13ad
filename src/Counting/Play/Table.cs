namespace Counter.Counting.Play;

/// <summary>
/// A table at which two play and others watch: who sits where, whose turn it is, and what happens when somebody leaves. Knows
/// nothing of requests and pictures; takes the time. One thread at a time.
/// </summary>
/// <remarks>
/// Whoever sits has a ticket, a secret that only this player's page has. A click that means nothing (out of turn, on a square that is
/// taken, by somebody who does not sit here) changes nothing and says so.
/// </remarks>
/// <param name="grace">For how long a player may be away, so that loading the page again ends nothing.</param>
/// <param name="now">The time.</param>
public sealed class Table(TimeSpan grace, DateTimeOffset now)
{
    // More than a page takes to load again, and than one in words takes to ask again.
    private static readonly TimeSpan Notice = TimeSpan.FromSeconds(8);

    private readonly Seat[] seats = [new(), new()];
    private DateTimeOffset second = now;

    // In this second: of X, of O, and of everybody else, so that nobody who watches can keep a player from moving.
    private readonly int[] clicks = new int[3];

    /// <summary>The board of the game that is played, or was last.</summary>
    public Board Board { get; private set; }

    /// <summary>The square of the last move; null before the first.</summary>
    public int? Last { get; private set; }

    /// <summary>The seat of whoever has a mark in this game.</summary>
    public Seat this[Mark mark] => seats[(int)mark];

    /// <summary>The mark that somebody plays; null for whoever does not sit here.</summary>
    public Mark? MarkOf(string? ticket) => IsSeat(Mark.X, ticket) ? Mark.X : IsSeat(Mark.O, ticket) ? Mark.O : null;

    /// <summary>The seat that whoever sits down next gets; null when both are taken.</summary>
    public Mark? FreeSeat => !this[Mark.X].IsTaken ? Mark.X : !this[Mark.O].IsTaken ? Mark.O : null;

    /// <summary>Takes up a game as gateways know it: the silo that had it is gone.</summary>
    public void Restore(TableState state, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        (Board, Last) = (state.Board, state.Last);
        this[Mark.X].Restore(state.X, now);
        this[Mark.O].Restore(state.O, now);
    }

    /// <summary>The table as gateways know it.</summary>
    /// <param name="version">Rises with every state.</param>
    /// <param name="watching">How many watch without playing.</param>
    public TableState ToState(long version, int watching) => new(version, Board, Last, this[Mark.X].ToState(), this[Mark.O].ToState(), watching);

    /// <summary>Counts a click.</summary>
    /// <param name="ticket">Whose.</param>
    /// <param name="most">The most clicks a second of each player, and of all others together.</param>
    /// <param name="now">The time.</param>
    /// <returns>False when it is one too many.</returns>
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

    /// <summary>Somebody sits down on the free seat. Whoever comes to a finished game wants to play another.</summary>
    /// <param name="ticket">The secret of whoever it is, made for this.</param>
    /// <param name="browser">What tells the player's browser from others.</param>
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
    /// <returns>Whether that was a move.</returns>
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
    /// A player wants another game. It begins when all who sit here want it, with the marks swapped: whoever was second begins.
    /// </summary>
    /// <returns>Whether that changed anything.</returns>
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
    /// <returns>Whether somebody did.</returns>
    public bool TryLeave(string ticket)
    {
        if (MarkOf(ticket) is not { } mark)
        {
            return false;
        }

        this[mark].Leave();
        return true;
    }

    /// <summary>A player who sees no picture is there.</summary>
    /// <returns>Whether that is news.</returns>
    public bool TryStay(string ticket, DateTimeOffset now)
    {
        if (MarkOf(ticket) is not { } mark)
        {
            return false;
        }

        var isNews = !this[mark].IsTaken;
        this[mark].Act(now);
        return isNews;
    }

    /// <summary>A picture of the table is opened.</summary>
    public void Look(string? ticket)
    {
        if (MarkOf(ticket) is { } mark)
        {
            this[mark].Look();
        }
    }

    /// <summary>A picture of the table is closed.</summary>
    public void LookAway(string? ticket, DateTimeOffset now)
    {
        if (MarkOf(ticket) is { } mark)
        {
            this[mark].LookAway(now);
        }
    }

    /// <summary>Notices who is away, and gives up who was for too long.</summary>
    /// <returns>Whether that is news.</returns>
    public bool Tick(DateTimeOffset now)
    {
        var isNews = false;
        foreach (var seat in seats.Where(seat => seat is { IsTaken: true, AwaySince: not null }))
        {
            var away = now - seat.AwaySince!.Value;
            if (away >= grace)
            {
                seat.GiveUp();
                isNews = true;
            }
            else if (away >= Notice && !seat.IsMissed)
            {
                seat.Miss();
                isNews = true;
            }
        }

        return isNews;
    }

    private bool IsSeat(Mark mark, string? ticket) => SeatState.IsSame(ticket, this[mark].Ticket);
}
