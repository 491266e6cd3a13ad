using System.Text.Json;
using Counter.Counting.Documents;
using Counter.Counting.Polls;
using Xunit;

namespace Counter.Tests.Contract;

/// <summary>The votes of several gateways, written to the same polls at the same time, are added up exactly.</summary>
public abstract class PollContract : ClusterContract
{
    private const int Gateways = 4;
    private const int Rounds = 12;

    private static readonly PollDefinition Asked = new("Tea?", ["Yes", "No"]);
    private static readonly DateOnly FirstDay = new(2026, 3, 1);
    private static readonly string[] Ids = ["example.com/1", "example.com/2"];

    [Fact]
    public async Task Votes_of_gateways_that_write_at_the_same_time_are_added_up_exactly()
    {
        await Task.WhenAll(Enumerable.Range(0, Gateways).Select(i => Task.Run(() => VoteAsync(i))));
        foreach (var id in Ids)
        {
            var poll = JsonSerializer.Deserialize<Poll>((await Other.Documents.FindAsync(DocumentKind.Poll, id, Stop))!.Json!, JsonSerializerOptions.Web)!;
            Assert.Equal([Gateways * Rounds * 2, Gateways * Rounds], poll.Votes);
            var past = JsonSerializer.Deserialize<PollPast>(
                (await Other.Documents.FindAsync(DocumentKind.PollPast, id, Stop))!.Json!, JsonSerializerOptions.Web)!;
            var days = past.Days.Append(new DayVotes(poll.Day, poll.Today)).ToList();
            Assert.Equal([FirstDay, FirstDay.AddDays(1)], days.Select(day => day.Day));
            Assert.All(days, day => Assert.Equal([Gateways * Rounds, Gateways * Rounds / 2], day.Votes));
        }
    }

    /// <summary>One gateway votes on two days; each of its batches is told twice, as after an answer that got lost.</summary>
    private async Task VoteAsync(int gateway)
    {
        var store = new PollStore(gateway % 2 == 0 ? Cluster.Documents : Other.Documents);
        for (var i = 1; i <= Rounds; i++)
        {
            var day = FirstDay.AddDays(i > Rounds / 2 ? 1 : 0);
            KeptVotes[] votes = [.. Ids.Select(id => new KeptVotes(id, Poll.Begin("/", "tea", Asked, FirstDay), new($"g{gateway}", i, "", day, [2, 1])))];
            await WriteAsync(store, votes);
            await WriteAsync(store, votes);
        }
    }

    private static async Task WriteAsync(PollStore store, KeptVotes[] votes)
    {
        // Others may be faster again and again; telling it again is safe.
        var attempt = 0;
        while ((await store.WriteAsync(votes, Stop)).Count > 0)
        {
            Assert.True(++attempt < 20);
        }
    }
}
