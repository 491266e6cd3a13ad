using Counter.Counting.Play;

namespace Counter.Gateway.Play.Pictures;

/// <summary>The content of a table's picture for one viewer. Equal by value, so that viewers who see the same share a frame.</summary>
/// <param name="Board">The board.</param>
/// <param name="Last">The square of the last move.</param>
/// <param name="Headline">Whose turn it is, or who has won.</param>
/// <param name="Calls">Whether the headline addresses the viewer: it is their turn, or they have won.</param>
/// <param name="Line">More information; may be empty.</param>
/// <param name="Action">The text of the button; empty for no button.</param>
/// <param name="Foot">The score and the number of watchers; may be empty.</param>
public sealed record Scene(Board Board, int? Last, string Headline, bool Calls, string Line, string Action, string Foot)
{
    private static readonly string[] Places =
        ["top left", "top", "top right", "left", "centre", "right", "bottom left", "bottom", "bottom right"];

    /// <summary>False for the last picture of a stream.</summary>
    public bool Live { get; init; } = true;

    /// <summary>The names of the squares, in their order.</summary>
    public static IReadOnlyList<string> Squares => Places;

    /// <summary>The scene in words, for people who do not see the picture.</summary>
    public string Words => string.Join(" ", new[] { Marks(Mark.X), Marks(Mark.O), Headline + ".", Line }.Where(text => text.Length > 0));

    /// <summary>Makes the scene of a table for one viewer.</summary>
    /// <param name="table">The table.</param>
    /// <param name="ticket">The viewer's ticket; null for a watcher.</param>
    internal static Scene Of(TableState table, string? ticket)
    {
        var me = table.MarkOf(ticket);
        var foot = string.Join("  ·  ", new[] { Score(table), table.Watching > 0 ? $"{table.Watching} watching" : "" }.Where(text => text.Length > 0));
        var (headline, calls) = Head(table, me);
        return me is { } mark
            ? new Scene(table.Board, table.Last, headline, calls, LineFor(table, mark), ActionFor(table, mark), foot)
            : new Scene(table.Board, table.Last, headline, false, LineForWatchers(table, ticket), ticket is null && table.FreeSeat is { } free ? $"Play {free}" : "", foot);
    }

    /// <summary>The last scene of a table that has ended.</summary>
    public static Scene HasEnded(Scene scene) => scene.Ends("This table has ended", "Begin another at /play.");

    /// <summary>The last scene of a stream whose gateway stops.</summary>
    public static Scene Stops(Scene scene) => scene.Ends("Load this page again", "This server is stopping.");

    private Scene Ends(string headline, string line) => this with { Headline = headline, Calls = false, Line = line, Action = "", Foot = "", Live = false };

    private static (string Headline, bool Calls) Head(TableState table, Mark? me) => table.Board switch
    {
        { Winner: { } winner } => winner == me ? ("You win!", true) : ($"{winner} wins", false),
        { IsOver: true } => ("A draw", false),
        { Turn: var turn } => turn == me ? ("Your turn", true) : ($"{turn}’s turn", false),
    };

    private static string LineFor(TableState table, Mark me)
    {
        var other = table[me.Other];
        return table[me].WantsAgain && other.IsTaken ? $"Waiting for {me.Other} to play again."
            : !other.IsTaken ? other.Ticket is null && table.Board.Moves <= 1 ? $"You play {me}. Send the link to a friend." : $"{me.Other} has left. Send the link to a friend."
            : other.WantsAgain ? $"{me.Other} wants to play again."
            : other.IsMissed ? $"{me.Other} is away for a moment."
            : $"You play {me}.";
    }

    private static string ActionFor(TableState table, Mark me) => table.Board.IsOver && !table[me].WantsAgain ? "Play again" : "";

    private static string LineForWatchers(TableState table, string? ticket) =>
        ticket is not null ? "Somebody else has taken your seat."
        : table.FreeSeat is { } free ? table[free.Other].IsTaken ? $"{free}’s seat is free." : "Both seats are free."
        : table[Mark.X].IsMissed ? "X is away for a moment."
        : table[Mark.O].IsMissed ? "O is away for a moment."
        : "You watch.";

    private static string Score(TableState table) =>
        table[Mark.X].Wins + table[Mark.O].Wins > 0 ? $"X {table[Mark.X].Wins} : {table[Mark.O].Wins} O" : "";

    private string Marks(Mark mark)
    {
        var board = Board;
        var squares = Enumerable.Range(0, Board.Squares).Where(square => board[square] == mark).Select(square => Places[square]);
        return string.Join(", ", squares) is { Length: > 0 } places ? $"{mark}: {places}." : "";
    }
}
