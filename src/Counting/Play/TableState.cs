using System.Security.Cryptography;
using System.Text;

namespace Counter.Counting.Play;

/// <summary>The state of a table that gateways get: all that its pictures and pages show.</summary>
/// <param name="Version">Rises with every state of the table.</param>
/// <param name="Board">The board of the current or last game.</param>
/// <param name="Last">The square of the last move; null before the first one.</param>
/// <param name="X">The seat of X.</param>
/// <param name="O">The seat of O.</param>
/// <param name="Watching">The number of open pictures that are not the players'.</param>
[GenerateSerializer, Immutable, Alias("counter.TableState")]
public sealed record TableState(long Version, Board Board, int? Last, SeatState X, SeatState O, int Watching)
{
    /// <summary>The seat with a mark in this game.</summary>
    public SeatState this[Mark mark] => mark == Mark.X ? X : O;

    /// <summary>The seat that the next player gets; null if both are taken.</summary>
    public Mark? FreeSeat => !X.IsTaken ? Mark.X : !O.IsTaken ? Mark.O : null;

    /// <summary>The mark of the player with a ticket; null for somebody who is not a player.</summary>
    public Mark? MarkOf(string? ticket) => X.IsOf(ticket) ? Mark.X : O.IsOf(ticket) ? Mark.O : null;
}

/// <summary>The state of a seat that gateways get.</summary>
/// <param name="Ticket">The secret of the player who has the seat, or had it last; null if nobody ever had.</param>
/// <param name="IsTaken">Whether a player has the seat, even if away for a moment.</param>
/// <param name="IsMissed">Whether the player is shown as away.</param>
/// <param name="Wins">The games the player has won at this table.</param>
/// <param name="WantsAgain">Whether the player wants another game.</param>
[GenerateSerializer, Immutable, Alias("counter.SeatState")]
public sealed record SeatState(string? Ticket, bool IsTaken, bool IsMissed, int Wins, bool WantsAgain)
{
    /// <summary>Does not contain the ticket, so that no log has it: Orleans describes a response by its result.</summary>
    public override string ToString() => nameof(SeatState);

    /// <summary>Whether a ticket is the one of this seat. The comparison takes the same time for all tickets.</summary>
    public bool IsOf(string? ticket) => IsSame(ticket, Ticket);

    internal static bool IsSame(string? ticket, string? own) => ticket is not null && own is not null
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(ticket), Encoding.UTF8.GetBytes(own));
}
