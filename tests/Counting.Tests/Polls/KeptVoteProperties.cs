using System.Text.Json;
using Counter.Counting.Documents;
using Counter.Counting.Polls;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Counter.Counting.Tests.Polls;

/// <summary>Several gateways write votes to a store that loses answers and requests, over some days, against what was voted.</summary>
public sealed class KeptVoteProperties
{
    private const int Gateways = 3;
    private const string Id = "example.com/1";

    private static readonly PollDefinition Asked = new("Tea?", ["Yes", "No"]);
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateOnly FirstDay = new(2026, 3, 1);

    private static readonly Gen<Step> Steps =
        from gateway in Gen.Choose(0, Gateways - 1)
        from what in Gen.Frequency((6, Gen.Constant(0)), (3, Gen.Constant(1)), (1, Gen.Constant(2)), (1, Gen.Constant(3)), (1, Gen.Constant(4)))
        from voter in Gen.Choose(1, 3)
        from answer in Gen.Choose(0, 1)
        select new Step(gateway, what, (ulong)voter, answer);

    [Fact]
    public void What_is_kept_is_what_was_voted_whatever_got_lost() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(1_000), Prop.ForAll(Arb.From(Steps.ListOf()), KeepsAll));

    [Fact]
    public async Task A_poll_that_others_change_all_the_time_or_that_cannot_be_read_holds_up_no_other()
    {
        var documents = new LossyDocuments { Contended = "example.com/0" };
        await documents.TryChangeAsync([new(DocumentKind.Poll, "example.com/9", "{}")], TestContext.Current.CancellationToken);
        foreach (var ids in new string[][] { ["example.com/0", Id], ["example.com/9", Id], ["example.com/0", "example.com/9", Id] })
        {
            var before = documents.Poll?.Votes[1] ?? 0;
            var left = await new PollStore(documents).WriteAsync(
                [.. ids.Select(id => new KeptVotes(id, Poll.Begin("/", "tea", Asked, FirstDay), new("g", before + 1, "", FirstDay, [0, 1])))],
                TestContext.Current.CancellationToken);
            Assert.Equal(ids[..^1], left.Keys.Order());
            Assert.Equal(before + 1, documents.Poll!.Votes[1]);
        }
    }

    private static bool KeepsAll(IList<Step> steps)
    {
        var documents = new LossyDocuments();
        var store = new PollStore(documents);
        var gateways = Enumerable.Range(0, Gateways).Select(i => new Node($"g{i}")).ToArray();
        var expected = new Dictionary<DateOnly, long[]>();
        var day = FirstDay;
        var vote = 0UL;
        foreach (var step in steps)
        {
            var node = gateways[step.Gateway];
            switch (step.What)
            {
                case 0:
                    var ballots = node.On(day);
                    var result = ballots.Cast(step.Voter, Ballots.AnyNetwork, ++vote, step.Answer, Start + TimeSpan.FromSeconds(vote));
                    node.Pending.Add("", day, 2, result);
                    var votes = expected.TryGetValue(day, out var known) ? known : expected[day] = new long[2];
                    if (result.From is { } from)
                    {
                        votes[from]--;
                    }

                    if (result.To is { } to)
                    {
                        votes[to]++;
                    }

                    break;
                case 1:
                    Write(node, documents, store, Loss.None);
                    break;
                case 2:
                    Write(node, documents, store, Loss.Request);
                    break;
                case 3:
                    Write(node, documents, store, Loss.Answer);
                    break;
                default:
                    day = day.AddDays(1);
                    break;
            }

            // Nobody ever sees fewer votes than none.
            Assert.All(documents.Poll?.Votes ?? [], one => Assert.True(one >= 0));
        }

        for (var round = 0; round < 10; round++)
        {
            Array.ForEach(gateways, node => Write(node, documents, store, Loss.None));
        }

        Assert.All(gateways, node => Assert.True(node.Pending.IsEmpty));
        var poll = documents.Poll ?? Poll.Begin("/", "tea", Asked, FirstDay);
        var days = documents.Past.Days.Append(new DayVotes(poll.Day, poll.Today)).Where(one => one.Votes.Any(v => v != 0));
        Assert.Equal(
            expected.Where(one => one.Value.Any(v => v != 0)).OrderBy(one => one.Key).Select(one => $"{one.Key} {string.Join(' ', one.Value)}"),
            days.OrderBy(one => one.Day).Select(one => $"{one.Day} {string.Join(' ', one.Votes)}"));
        Assert.Equal(Enumerable.Range(0, 2).Select(a => expected.Values.Sum(one => one[a])), poll.Votes);
        return true;
    }

    private static void Write(Node node, LossyDocuments documents, PollStore store, Loss loss)
    {
        if (node.Pending.Next(++node.Number) is not { } batch)
        {
            return;
        }

        documents.Next = loss;
        var begun = Poll.Begin("/", "tea", Asked, batch.Day);
        try
        {
            var writing = store.WriteAsync([new KeptVotes(Id, begun, batch)], CancellationToken.None).AsTask();
            Assert.True(writing.IsCompleted);
            Assert.Empty(writing.GetAwaiter().GetResult());
            node.Pending.Done(batch);
        }
        catch (IOException)
        {
            // It is told again.
        }
    }

    private enum Loss
    {
        None,
        Request,
        Answer,
    }

    private sealed record Step(int Gateway, int What, ulong Voter, int Answer);

    private sealed class Node(string name)
    {
        private DateOnly day;
        private Ballots ballots = new(10, 10);

        public PendingVotes Pending { get; } = new(name);

        public long Number { get; set; }

        public Ballots On(DateOnly today)
        {
            (ballots, day) = day == today ? (ballots, day) : (new Ballots(10, 10), today);
            return ballots;
        }
    }

    /// <summary>Documents in memory; the next change, or the answer to it, gets lost when the test says so.</summary>
    private sealed class LossyDocuments : IDocuments
    {
        private readonly DocumentSet documents = new();

        public Loss Next { get; set; }

        /// <summary>The document that another has always changed before.</summary>
        public string? Contended { get; init; }

        public Poll? Poll => Read<Poll>(DocumentKind.Poll);

        public PollPast Past => Read<PollPast>(DocumentKind.PollPast) ?? PollPast.Empty;

        public ValueTask<Document?> FindAsync(DocumentKind kind, string id, CancellationToken cancellationToken) => new(documents.Find(kind, id));

        public ValueTask<IReadOnlyList<Document>> ListAsync(
            DocumentKind kind, string prefix, string? after, int most, bool descending, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<DocumentNews> NewsAsync(DocumentKind kind, long after, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<long?> TryChangeAsync(IReadOnlyList<DocumentChange> changes, CancellationToken cancellationToken)
        {
            if (changes.Any(change => change.Id == Contended))
            {
                return new((long?)null);
            }

            var loss = Next;
            Next = Loss.None;
            if (loss != Loss.Request && documents.Prepare(changes) is { } changed)
            {
                documents.Set(changed, documents.Version + 1);
            }

            return loss == Loss.None ? new(documents.Version) : throw new IOException("It got lost.");
        }

        private T? Read<T>(DocumentKind kind)
            where T : class =>
            documents.Find(kind, Id) is { Json: { } json } ? JsonSerializer.Deserialize<T>(json, JsonSerializerOptions.Web) : null;
    }
}
