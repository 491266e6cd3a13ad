using System.Numerics;

namespace Counter.Counting.Play;

/// <summary>A board of tic-tac-toe after some moves. A game is a sequence of boards.</summary>
/// <remarks>Squares are numbered from 0, row by row, and each is one bit. X begins, so the number of moves gives the turn.</remarks>
[GenerateSerializer, Immutable, Alias("counter.Board")]
public readonly record struct Board
{
    /// <summary>The number of squares.</summary>
    public const int Squares = 9;

    private const int All = (1 << Squares) - 1;

    // Rows, columns, diagonals.
    private static readonly int[] Lines =
        [0b000_000_111, 0b000_111_000, 0b111_000_000, 0b001_001_001, 0b010_010_010, 0b100_100_100, 0b100_010_001, 0b001_010_100];

    [Id(0)]
    private readonly int x;

    [Id(1)]
    private readonly int o;

    private Board(int x, int o) => (this.x, this.o) = (x, o);

    /// <summary>The number of moves made.</summary>
    public int Moves => BitOperations.PopCount((uint)(x | o));

    /// <summary>The mark whose turn it is, or would be if the game were not over.</summary>
    public Mark Turn => Moves % 2 == 0 ? Mark.X : Mark.O;

    /// <summary>Whether a player has won or no square is left.</summary>
    public bool IsOver => Winner is not null || (x | o) == All;

    /// <summary>The mark that has three in a line; null if none has.</summary>
    public Mark? Winner => LinesOf(x).Any() ? Mark.X : LinesOf(o).Any() ? Mark.O : null;

    /// <summary>The three squares of each winning line. The last move can complete two lines. Empty while nobody has won.</summary>
    public IEnumerable<IReadOnlyList<int>> WinningLines => LinesOf(x).Concat(LinesOf(o)).Select(SquaresOf);

    /// <summary>The mark in a square; null if it is empty.</summary>
    public Mark? this[int square] => (x >> square & 1) == 1 ? Mark.X : (o >> square & 1) == 1 ? Mark.O : null;

    /// <summary>The board after the next move.</summary>
    /// <param name="square">The square, from 0 to 8.</param>
    /// <returns>Null if this is not a move: the game is over, or the square is taken or not on the board.</returns>
    public Board? Play(int square) =>
        square is < 0 or >= Squares || IsOver || this[square] is not null ? null
        : Turn == Mark.X ? new Board(x | 1 << square, o)
        : new Board(x, o | 1 << square);

    private static IEnumerable<int> LinesOf(int marks) => Lines.Where(line => (marks & line) == line);

    private static int[] SquaresOf(int line) => [.. Enumerable.Range(0, Squares).Where(square => (line >> square & 1) == 1)];
}
