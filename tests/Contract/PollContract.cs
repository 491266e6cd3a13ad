using System.Text.Json;
using Counter.Counting.Cluster;
using Counter.Counting.Documents;
using Counter.Counting.Polls;
using Xunit;

namespace Counter.Tests.Contract;

/// <summary>A visitor has one vote at all gateways together, and an acknowledged vote is stored.</summary>
public abstract class PollContract : ClusterContract
{
    private const string Id = "example.com/1";
    private const int Voters = 40;

    private static readonly PollDefinition Asked = new("Tea?", ["Yes", "No"]);
    private static readonly BallotLimits Limits = new(10_000, 1000);

    [Fact]
    public async Task Concurrent_votes_at_several_gateways_sum_up_exactly()
    {
        // A key holder changes the poll at the same time.
        var changing = Task.Run(async () =>
        {
            for (var i = 0; i < 10; i++)
            {
                if (await Cluster.Documents.FindAsync(DocumentKind.Poll, Id, Stop) is { } document)
                {
                    var poll = Read(document);
                    await Cluster.Documents.TryChangeAsync([Put(poll with { Edition = poll.Edition + 1 }, document.Version)], Stop);
                }
            }
        }, Stop);
        var answers = await Task.WhenAll(Enumerable.Range(1, Voters).Select(i => Task.Run(() => VoteAsync(i % 2 == 0 ? Cluster : Other, (ulong)i, i % 4 < 2 ? "Yes" : "No"))));
        await changing;
        Assert.All(answers, answer => Assert.Equal(VoteEnd.Taken, answer.End));
        Assert.Equal([Voters / 2, Voters / 2], await VotesAsync());
    }

    [Fact]
    public async Task An_answered_vote_is_stored_and_can_be_taken_back_at_any_gateway()
    {
        var answer = await VoteAsync(Cluster, 1, "Yes");
        Assert.Equal([1, 0], await VotesAsync());
        Assert.Equal([1, 0], Read(answer.Poll!).Votes);
        Assert.True(await Other.HasVotedAsync(Id, 1, Stop));
        Assert.False(await Other.HasVotedAsync(Id, 2, Stop));
        Assert.Equal("Yes", (await Other.FindVoteAsync(Id, 1, Stop))?.Answer);
        Assert.Null(await Other.FindVoteAsync(Id, 2, Stop));
        await Engine.AdvanceAsync(TimeSpan.FromSeconds(2));
        await VoteAsync(Other, 1, "Yes");
        Assert.Equal([0, 0], await VotesAsync());
        Assert.False(await Cluster.HasVotedAsync(Id, 1, Stop));
        Assert.Null(await Cluster.FindVoteAsync(Id, 1, Stop));
    }

    [Fact]
    public async Task The_same_vote_sent_twice_counts_once()
    {
        var vote = new PollVote("Yes", 1, Ballots.AnyNetwork, 77, New);
        await Task.WhenAll(Cluster.VoteAsync(Id, vote, Limits, Stop).AsTask(), Other.VoteAsync(Id, vote, Limits, Stop).AsTask());
        Assert.Equal([1, 0], await VotesAsync());
    }

    [Fact]
    public async Task A_poll_that_cannot_be_read_accepts_no_vote()
    {
        await Cluster.Documents.TryChangeAsync([new(DocumentKind.Poll, Id, "{}")], Stop);
        Assert.Equal(VoteEnd.NotStored, (await VoteAsync(Cluster, 1, "Yes")).End);
        await Cluster.Documents.TryChangeAsync([new(DocumentKind.Poll, Id, null)], Stop);
        Assert.Equal(VoteEnd.Taken, (await VoteAsync(Cluster, 1, "Yes")).End);
        Assert.Equal([1, 0], await VotesAsync());
    }

    [Fact]
    public async Task A_vote_in_an_unknown_poll_is_refused()
    {
        var answer = await Cluster.VoteAsync(Id, new PollVote("Yes", 1, Ballots.AnyNetwork, 1, IfNew: null), Limits, Stop);
        Assert.Equal(new VoteReply(VoteEnd.Unknown, null), answer);
        Assert.Null(await Cluster.Documents.FindAsync(DocumentKind.Poll, Id, Stop));
    }

    private static NewPoll New { get; } = new("/", "tea", Asked);

    private static async Task<VoteReply> VoteAsync(ICluster cluster, ulong voter, string answer) => await cluster.VoteAsync(
        Id, new PollVote(answer, voter, Ballots.AnyNetwork, (ulong)Random.Shared.NextInt64(1, long.MaxValue), New), Limits, Stop);

    private static Poll Read(Document document) => JsonSerializer.Deserialize<Poll>(document.Json!, JsonSerializerOptions.Web)!;

    private static DocumentChange Put(Poll poll, long version) => new(DocumentKind.Poll, Id, JsonSerializer.Serialize(poll, JsonSerializerOptions.Web), version);

    private async Task<IReadOnlyList<long>> VotesAsync() => Read((await Other.Documents.FindAsync(DocumentKind.Poll, Id, Stop))!).Votes;
}
