using Counter.Counting.Play;
using Counter.Gateway.Play.Pictures;
using Xunit;

namespace Counter.Gateway.Tests.Play;

public sealed class TableTests
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(20);
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly Table table = new(Grace, Start);
    private DateTimeOffset now = Start;

    public TableTests()
    {
        Assert.True(table.TrySit("ann", 1, now));
        Assert.True(table.TrySit("bob", 2, now));
        table.OpenPicture("ann");
        table.OpenPicture("bob");
    }

    [Fact]
    public void Only_the_player_whose_turn_it_is_can_move()
    {
        Assert.False(table.TryPlay("bob", 0, now));
        Assert.True(table.TryPlay("ann", 0, now));
        Assert.False(table.TryPlay("ann", 1, now));
        Assert.False(table.TryPlay("bob", 0, now));
        Assert.False(table.TryPlay("eve", 1, now));
        Assert.True(table.TryPlay("bob", 1, now));
        Assert.Equal((2, 1), (table.Board.Moves, table.Last));
    }

    [Fact]
    public void A_third_player_gets_no_seat() => Assert.False(table.TrySit("eve", 3, now));

    [Fact]
    public void When_both_agree_another_game_begins_with_swapped_marks()
    {
        Assert.False(table.TryPlayAgain("ann", now));
        Win();
        Assert.Equal("You win!", Scene.Of(table.ToState(0, 0), "ann").Headline);
        Assert.Equal("X wins", Scene.Of(table.ToState(0, 0), "bob").Headline);
        Assert.True(table.TryPlayAgain("ann", now));
        Assert.Equal(("", "Waiting for O to play again."), (Scene.Of(table.ToState(0, 0), "ann").Action, Scene.Of(table.ToState(0, 0), "ann").Line));
        Assert.Equal(("Play again", "X wants to play again."), (Scene.Of(table.ToState(0, 0), "bob").Action, Scene.Of(table.ToState(0, 0), "bob").Line));
        Assert.False(table.TryPlayAgain("ann", now));
        Assert.True(table.Board.IsOver);
        Assert.True(table.TryPlayAgain("bob", now));
        Assert.Equal((0, null, Mark.O, Mark.X), (table.Board.Moves, table.Last, table.MarkOf("ann"), table.MarkOf("bob")));
        Assert.Equal("X 0 : 1 O", Scene.Of(table.ToState(0, 0), null).Foot);
        Assert.True(table.TryPlay("bob", 8, now));
    }

    [Fact]
    public void A_player_who_reloads_keeps_the_seat()
    {
        table.ClosePicture("bob", now);
        Assert.False(Pass(TimeSpan.FromSeconds(7)));
        Assert.Equal("You play X.", Scene.Of(table.ToState(0, 0), "ann").Line);
        Assert.True(Pass(TimeSpan.FromSeconds(1)));
        Assert.Equal("O is away for a moment.", Scene.Of(table.ToState(0, 0), "ann").Line);
        Pass(Grace - TimeSpan.FromSeconds(8) - TimeSpan.FromTicks(1));
        Assert.Null(table.FreeSeat);
        table.OpenPicture("bob");
        Pass(Grace);
        Assert.Equal("You play X.", Scene.Of(table.ToState(0, 0), "ann").Line);
    }

    [Fact]
    public void The_seat_of_a_lost_player_passes_to_the_next_and_the_game_continues()
    {
        Assert.True(table.TryPlay("ann", 4, now));
        table.ClosePicture("bob", now);
        Assert.True(Pass(Grace));
        Assert.Equal(Mark.O, table.FreeSeat);
        Assert.Equal("O has left. Send the link to a friend.", Scene.Of(table.ToState(0, 0), "ann").Line);
        Assert.Equal(("Play O", "O’s seat is free."), (Scene.Of(table.ToState(0, 1), null).Action, Scene.Of(table.ToState(0, 1), null).Line));
        Assert.True(table.TrySit("eve", 3, now));
        Assert.False(table.TryPlay("bob", 0, now));
        Assert.Equal("Somebody else has taken your seat.", Scene.Of(table.ToState(0, 1), "bob").Line);
        Assert.True(table.TryPlay("eve", 0, now));
    }

    [Fact]
    public void A_lost_player_who_returns_first_regains_the_seat()
    {
        table.ClosePicture("ann", now);
        Assert.True(Pass(Grace));
        table.OpenPicture("ann");
        Assert.Null(table.FreeSeat);
        table.ClosePicture("ann", now);
        Assert.True(Pass(Grace));
        Assert.True(table.TryPlay("ann", 0, now));
        Assert.Null(table.FreeSeat);
    }

    [Fact]
    public void Closing_one_of_two_pictures_keeps_the_seat()
    {
        table.OpenPicture("ann");
        table.ClosePicture("ann", now);
        Assert.False(Pass(Grace));
        Assert.Null(table.FreeSeat);
    }

    [Fact]
    public void After_a_finished_game_a_new_player_takes_the_free_seat()
    {
        Win();
        Assert.True(table.TryLeave("bob"));
        Assert.False(table.TryLeave("bob"));
        Assert.True(table.TryPlayAgain("ann", now));
        Assert.Equal((0, Mark.O, Mark.X), (table.Board.Moves, table.MarkOf("ann"), table.FreeSeat));
        Assert.True(table.TrySit("eve", 3, now));
        Assert.True(table.TryPlay("eve", 0, now));
        Assert.Equal(0, table[Mark.X].Wins);
    }

    [Fact]
    public void A_seat_belongs_to_the_browser_that_has_it_open()
    {
        Assert.True(table[Mark.X].TryOpen(1));
        Assert.False(table[Mark.X].TryOpen(9));
        table.ClosePicture("ann", now);
        Assert.True(table[Mark.X].TryOpen(9));
        Assert.True(table[Mark.X].TryOpen(1));
    }

    [Fact]
    public void Clicks_over_the_limit_are_refused_for_the_rest_of_the_second()
    {
        Assert.Equal(5, Enumerable.Range(0, 10_000).Count(_ => table.TryClick("eve", 5, now)));
        Assert.False(table.TryClick(null, 5, now));
        Assert.Equal(5, Enumerable.Range(0, 10_000).Count(_ => table.TryClick("ann", 5, now)));
        now += TimeSpan.FromSeconds(1);
        Assert.True(table.TryClick("eve", 5, now));
    }

    [Fact]
    public void The_board_has_a_text_description()
    {
        Assert.True(table.TryPlay("ann", 4, now));
        Assert.True(table.TryPlay("bob", 0, now));
        Assert.Equal("X: centre. O: top left. Your turn. You play X.", Scene.Of(table.ToState(0, 3), "ann").Words);
        Assert.Equal("3 watching", Scene.Of(table.ToState(0, 3), "ann").Foot);
    }

    private void Win()
    {
        foreach (var (who, square) in new[] { ("ann", 0), ("bob", 3), ("ann", 1), ("bob", 4), ("ann", 2) })
        {
            Assert.True(table.TryPlay(who, square, now));
        }
    }

    private bool Pass(TimeSpan time) => table.Tick(now += time);
}
