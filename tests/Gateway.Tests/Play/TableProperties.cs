using Counter.Counting.Play;
using Counter.Gateway.Play.Pictures;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Counter.Gateway.Tests.Play;

/// <summary>Any clicks in any order leave a valid game.</summary>
public sealed class TableProperties
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(20);
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    // Four people, of whom two can sit; mostly moves, so that games come to their end.
    private static readonly Gen<Step> Steps =
        from who in Gen.Choose(0, 3)
        from what in Gen.Frequency((20, Gen.Choose(0, 8)), (3, Gen.Constant(10)), (3, Gen.Constant(11)), (1, Gen.Constant(12)), (2, Gen.Choose(13, 15)))
        from wait in Gen.Frequency((9, Gen.Choose(0, 3)), (1, Gen.Choose(10, 40)))
        select new Step($"p{who}", what, wait);

    [Fact]
    public void Any_clicks_result_in_a_legal_board() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(3_000).WithEndSize(200), Prop.ForAll(Arb.From(Steps.ListOf()), IsLegal));

    private static bool IsLegal(IList<Step> steps)
    {
        var table = new Table(Grace, Start);
        var now = Start;
        string? mover = null;
        foreach (var step in steps)
        {
            now += TimeSpan.FromSeconds(step.Wait);
            var (before, turn, mark) = (table.Board, table.Board.Turn, table.MarkOf(step.Who));
            var moved = step.What <= 8 && table.TryPlay(step.Who, step.What, now);
            switch (step.What)
            {
                case 10 when mark is null: table.TrySit(step.Who, 0, now); break;
                case 11: table.TryPlayAgain(step.Who, now); break;
                case 12: table.TryLeave(step.Who); break;
                case 13: table.OpenPicture(step.Who); break;
                case 14: table.ClosePicture(step.Who, now); break;
                case 15: table.Tick(now); break;
            }

            Assert.Equal(moved, table.Board.Moves == before.Moves + 1);
            if (moved)
            {
                // Nobody moves twice in a row or with the other's mark, and no finished game goes on.
                Assert.Equal(turn, mark);
                Assert.False(before.IsOver);
                Assert.Equal(turn, table.Board[step.What]);
                Assert.True(before.Moves == 0 || mover != step.Who || table[turn.Other].Ticket != step.Who);
                mover = step.Who;
            }
            else if (table.Board != before)
            {
                Assert.True(before.IsOver && table.Board.Moves == 0, "only a new game changes the board without a move");
            }

            int Count(Mark of) => Enumerable.Range(0, Board.Squares).Count(square => table.Board[square] == of);
            Assert.InRange(Count(Mark.X) - Count(Mark.O), 0, 1);
            Assert.True(table[Mark.X].Ticket is null || table[Mark.X].Ticket != table[Mark.O].Ticket);
            Assert.All(new string?[] { null, "p0", "p1", "p2", "p3" }, who => Assert.NotEmpty(Scene.Of(table.ToState(0, 0), who).Words));
        }

        return true;
    }

    private sealed record Step(string Who, int What, int Wait);
}
