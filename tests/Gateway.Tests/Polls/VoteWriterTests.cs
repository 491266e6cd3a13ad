using System.Net;
using Counter.Counting.Documents;
using Counter.Counting.Polls;
using Counter.Gateway.Documents;
using Counter.Gateway.Polls.Votes;
using Counter.Gateway.Tests.Cluster;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Counter.Gateway.Tests.Polls;

/// <summary>While the engine is away votes wait, are shown, and are written when it is back.</summary>
public sealed class VoteWriterTests : UnreliableTest
{
    private const string Row = "/react/like?site=example.com&page=/a&options=A,B,C";

    [Fact]
    public async Task Votes_wait_for_an_engine_that_is_away()
    {
        await VoteAsync("A", "one");
        Unreliable.Away = true;
        for (var i = 0; i < 50; i++)
        {
            await VoteAsync("B", $"{i}");
        }

        await Gateway.AdvanceForAsync(TimeSpan.FromSeconds(20));
        Assert.Equal("1 50 0", PollTest.Numbers(await Gateway.Http.GetStringAsync(PollTest.Picture(Row) + "&live=0", Stop)));
        Unreliable.Away = false;
        await Gateway.AdvanceUntilAsync(() => Kept() is [1, 50, 0], "the votes to be written");
    }

    [Fact]
    public async Task Many_votes_are_written_about_once_a_second()
    {
        await VoteAsync("A", "one");
        await Gateway.AdvanceUntilAsync(() => Kept() is [1, 0, 0], "the first vote to be written");
        var (before, began) = (Version(), Clock.GetUtcNow());
        for (var i = 0; i < 100; i++)
        {
            await VoteAsync("B", $"{i}");
            Clock.Advance(TimeSpan.FromMilliseconds(50));
        }

        await Gateway.AdvanceUntilAsync(() => Kept() is [1, 100, 0], "the votes to be written");
        Assert.InRange(Version() - before, 1, (Clock.GetUtcNow() - began).TotalSeconds + 2);
    }

    [Fact]
    public async Task A_poll_that_cannot_be_read_holds_up_no_other()
    {
        var other = Row.Replace("/like", "/other", StringComparison.Ordinal);
        await VoteAsync("A", "one", other);
        await Gateway.AdvanceUntilAsync(() => Find("other") is not null, "the other poll to be written");
        var good = Find("other")!;
        await PutAsync(good, "{}");
        await VoteAsync("B", "two", other);
        await VoteAsync("C", "one");
        await Gateway.AdvanceUntilAsync(() => Kept() is [0, 0, 1], "the votes of the poll that can be read");

        // What waited is written as soon as that can be.
        await PutAsync(Find("other")!, good.Json!);
        await Gateway.AdvanceUntilAsync(() => Find("other")!.Read<Poll>().Votes is [1, 1, 0], "the votes of the other");
    }

    [Fact]
    public async Task Whoever_voted_yesterday_is_forgotten_at_midnight_even_if_nobody_votes()
    {
        await VoteAsync("A", "one");
        await Gateway.AdvanceUntilAsync(() => Kept() is [1, 0, 0], "the vote to be written");
        var box = Gateway.App.Services.GetRequiredService<BallotBox>();
        Assert.Equal(1, box.Remembered);
        await Gateway.AdvanceForAsync(TimeSpan.FromSeconds(5));
        Assert.Equal(1, box.Remembered);
        Clock.Jump(TimeSpan.FromDays(1) - Clock.GetUtcNow().TimeOfDay);
        await Gateway.AdvanceForAsync(TimeSpan.FromSeconds(2));
        Assert.Equal(0, box.Remembered);
    }

    private long Version() => Find()?.Version ?? 0;

    private IReadOnlyList<long> Kept() => Find()?.Read<Poll>().Votes ?? [];

    private Document? Find(string name = "like") => Engine.Documents
        .FindAsync(DocumentKind.Poll, PollDefinition.Id("example.com", "/a", name, new(null, ["A", "B", "C"])), Stop).AsTask().GetAwaiter().GetResult();

    private async Task PutAsync(Document before, string json) =>
        Assert.NotNull(await Engine.Documents.TryChangeAsync([new DocumentChange(before.Kind, before.Id, json, before.Version)], Stop));

    private async Task VoteAsync(string answer, string agent, string path = Row)
    {
        using var voted = await PollTest.VoteAsync(Gateway, path, answer, agent);
        Assert.Equal(HttpStatusCode.NoContent, voted.StatusCode);
    }
}
