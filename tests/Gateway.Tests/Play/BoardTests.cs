using Counter.Counting.Play;
using Xunit;

namespace Counter.Gateway.Tests.Play;

public sealed class BoardTests
{
    [Theory]
    [InlineData("041", null, false)]
    [InlineData("0415367", null, false)]
    [InlineData("03142", Mark.X, true)]
    [InlineData("831425", Mark.O, true)]
    [InlineData("012346578", Mark.X, true)]
    [InlineData("012548367", null, true)]
    public void Games_end_with_three_in_a_line_or_a_full_board(string moves, Mark? winner, bool isOver)
    {
        var board = Play(moves);
        Assert.Equal((winner, isOver, moves.Length), (board.Winner, board.IsOver, board.Moves));
    }

    [Fact]
    public void Every_possible_game_is_accepted()
    {
        var (games, x, o, draws) = (0, 0, 0, 0);
        Follow(default);

        // Of 255,168 games X wins 131,184 and O 77,904, as is known.
        Assert.Equal((255_168, 131_184, 77_904, 46_080), (games, x, o, draws));

        void Follow(Board board)
        {
            if (board.IsOver)
            {
                games++;
                _ = board.Winner switch { Mark.X => x++, Mark.O => o++, _ => draws++ };
            }

            for (var square = 0; square < Board.Squares; square++)
            {
                if (board.Play(square) is { } next)
                {
                    Assert.False(board.IsOver);
                    Follow(next);
                }
            }
        }
    }

    [Fact]
    public void A_last_move_can_complete_two_lines()
    {
        var lines = Play("012346578").WinningLines.ToList();
        Assert.Equal([[0, 4, 8], [2, 5, 8]], lines.OrderBy(line => line[0]).Select(line => line.ToArray()));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(9)]
    [InlineData(int.MaxValue)]
    [InlineData(0)]
    public void A_move_to_no_square_or_an_occupied_one_is_refused(int square) => Assert.Null(Play("0").Play(square));

    private static Board Play(string moves) => moves.Aggregate(default(Board), (board, move) => board.Play(move - '0') ?? throw new ArgumentException(moves, nameof(moves)));
}
