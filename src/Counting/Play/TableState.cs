using System.Security.Cryptography;
using System.Text;

namespace Counter.Counting.Play;

/// <summary>A table as gateways know it: all that its pictures and pages are made of.</summary>
/// <param name="Version">Rises with every state of the table.</param>
/// <param name="Board">The board of the game that is played, or was last.</param>
/// <param name="Last">The square of the last move; null before the first.</param>
/// <param name="X">Who plays X.</param>
/// <param name="O">Who plays O.</param>
/// <param name="Watching">How many pictures of it are open that are not the players'.</param>
[GenerateSerializer, Immutable, Alias("counter.TableState")]
public sealed record TableState(long Version, Board Board, int? Last, SeatState X, SeatState O, int Watching)
{
    /// <summary>The seat of whoever has a mark in this game.</summary>
    public SeatState this[Mark mark] => mark == Mark.X ? X : O;

    /// <summary>The seat that whoever sits down next gets; null when both are taken.</summary>
    public Mark? FreeSeat => !X.IsTaken ? Mark.X : !O.IsTaken ? Mark.O : null;

    /// <summary>The mark that somebody plays; null for whoever does not sit here.</summary>
    public Mark? MarkOf(string? ticket) => X.IsOf(ticket) ? Mark.X : O.IsOf(ticket) ? Mark.O : null;
}

/// <summary>A seat as gateways know it.</summary>
/// <param name="Ticket">The secret of whoever sits here, or sat here last; null when nobody ever did.</param>
/// <param name="IsTaken">Whether somebody sits here, looking or away for a moment.</param>
/// <param name="IsMissed">Whether the player has been away for a while.</param>
/// <param name="Wins">The games the player has won at this table.</param>
/// <param name="WantsAgain">Whether the player wants another game.</param>
[GenerateSerializer, Immutable, Alias("counter.SeatState")]
public sealed record SeatState(string? Ticket, bool IsTaken, bool IsMissed, int Wins, bool WantsAgain)
{
    /// <summary>Whether a ticket is the one of this seat. Takes as long for any.</summary>
    public bool IsOf(string? ticket) => IsSame(ticket, Ticket);

    internal static bool IsSame(string? ticket, string? own) => ticket is not null && own is not null
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(ticket), Encoding.UTF8.GetBytes(own));
}
