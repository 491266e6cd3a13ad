using System.Text.Json;
using Counter.Counting.Documents;
using Counter.Counting.Polls;
using Xunit;

namespace Counter.Counting.Tests.Polls;

public sealed class PollTests
{
    private static readonly DateOnly Day = new(2026, 3, 1);
    private static readonly PollDefinition Asked = new(null, ["a", "b", "c"]);

    [Fact]
    public void Remaining_answers_keep_their_votes_and_a_new_round_begins()
    {
        var poll = Poll.Begin("/", "like", Asked, Day).Take(new("g", 1, "", Day, [5, 3, 1]), out _)!;
        Assert.Same(poll.Taken, poll.Redefine(Asked with { Question = "Which?" }, "r").Taken);
        var changed = poll.Redefine(Asked with { Answers = ["c", "d", "a"] }, "r");
        Assert.Equal([1, 0, 5], changed.Votes);
        Assert.Equal([1, 0, 5], changed.Today);
        Assert.Null(changed.Take(new("g", 2, "", Day, [1, 1, 1]), out _));
        Assert.Equal([1, 1, 5], changed.Take(new("g", 2, "r", Day, [0, 1, 0]), out _)!.Votes);
        Assert.Equal([0, 0, 0], changed.Reset("s").Votes);
        Assert.Equal("s", changed.Reset("s").Round);
        Assert.Equal([[9L, 0, 4]], new PastVotes([new(Day, [4, 7, 9])]).Align(Asked.Answers, changed.Definition.Answers).Days.Select(d => d.Votes));
    }

    [Fact]
    public void Votes_of_an_earlier_day_count_for_that_day()
    {
        var poll = Poll.Begin("/", "like", Asked, Day).Take(new("g", 1, "", Day, [5, 0, 0]), out var past)!;
        Assert.Null(past);
        poll = poll.Take(new("h", 1, "", Day.AddDays(1), [1, 0, 0]), out past)!;
        Assert.Equal([5, 0, 0], past!.Votes);
        var days = PastVotes.Empty.Add(past);
        poll = poll.Take(new("g", 2, "", Day, [-1, 2, 0]), out past)!;
        Assert.Equal([4, 2, 0], days.Add(past!).Days.Single().Votes);
        Assert.Equal([5, 2, 0], poll.Votes);
        Assert.Equal([1, 0, 0], poll.Today);
    }

    [Fact]
    public void The_past_votes_of_any_poll_fit_a_document()
    {
        var past = PastVotes.Empty;
        for (var i = 0; i < PastVotes.MostDays + 10; i++)
        {
            past = past.Add(new DayVotes(Day.AddDays(i), [.. Enumerable.Repeat(9_999_999_999L, PollDefinition.MostAnswers)]));
        }

        Assert.Equal(PastVotes.MostDays, past.Days.Count);
        Assert.Equal(Day.AddDays(10), past.Days[0].Day);
        Assert.True(JsonSerializer.Serialize(past, JsonSerializerOptions.Web).Length < IDocuments.LongestJson);
    }

    [Fact]
    public void The_question_in_an_address_is_part_of_the_poll_s_id()
    {
        var other = new[]
        {
            Asked, Asked with { Answers = ["a", "c", "b"] }, Asked with { Question = "?" }, Asked with { Closes = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero) },
            Asked with { Results = ResultsShown.AfterVoting }, null,
        };
        var ids = other.Select(asked => PollDefinition.Id("example.com", "/", "like", asked))
            .Append(PollDefinition.Id("example.com", "/like", "", Asked)).Append(PollDefinition.Id("example.com", "/", "l", Asked)).ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());
        Assert.Equal(ids[0], PollDefinition.Id("example.com", "/", "like", new(null, ["a", "b", "c"])));
        Assert.All(ids, id => Assert.StartsWith("example.com/", id));
    }
}
