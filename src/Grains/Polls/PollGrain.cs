using System.Text.Json;
using Counter.Counting.Documents;
using Counter.Counting.Polls;
using Counter.Grains.Changes;
using Counter.Grains.Documents;
using Microsoft.Extensions.Logging;

namespace Counter.Grains.Polls;

/// <inheritdoc cref="IPollGrain"/>
/// <remarks>
/// It has a <see cref="BallotBox"/> and stores the votes in the poll's document, one change at a time. The list of voters is in memory only, so the
/// grain stays active until the end of the day.
/// </remarks>
[CollectionAgeLimit(Minutes = 5)]
internal sealed partial class PollGrain(CountingOptions options, BallotCount remembered, ChangeBroadcaster broadcaster, ILogger<PollGrain> log) : Grain, IPollGrain, IDisposable
{
    // An operator with a key may change the poll at the same time.
    private const int Attempts = 10;

    private static readonly TimeSpan UntilRetry = TimeSpan.FromSeconds(1);

    private readonly BallotBox box = new(Guid.NewGuid().ToString("N"));
    private readonly CancellationTokenSource gone = new();
    private List<PendingVote> waiting = [];
    private SerialAction? storing;
    private Task forgetting = Task.CompletedTask;
    private Task settling = Task.CompletedTask;
    private BallotLimits limits;
    private int counted;
    private bool isFailing;

    private IDocumentsGrain Documents => GrainFactory.GetGrain<IDocumentsGrain>(0);

    private string Id => this.GetPrimaryKeyString();

    public Task<VoteReply> VoteAsync(PollVote vote, BallotLimits limits)
    {
        var one = new PendingVote(vote);
        waiting.Add(one);
        this.limits = limits;
        _ = (storing ??= new SerialAction(StoreAsync)).RunAsync();
        return one.Answer.Task;
    }

    public Task<bool> HasVotedAsync(ulong voter) => Task.FromResult(box.HasVoted(voter, options.Now));

    public Task<VoteChoice?> FindVoteAsync(ulong voter) => Task.FromResult(box.Find(voter, options.Now));

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        gone.Cancel();
        remembered.Add(-counted);
        return Task.CompletedTask;
    }

    public void Dispose() => gone.Dispose();

    private async Task StoreAsync()
    {
        var votes = waiting;
        waiting = [];
        if (votes.Count == 0 && !box.IsInDoubt)
        {
            return;
        }

        try
        {
            await StoreAsync(votes);
        }
        catch (Exception e)
        {
            // The reason is logged. Voters only get the answer that their votes do not count.
            LogOnce(e);
            votes.ForEach(vote => vote.Answer.TrySetResult(new VoteReply(VoteEnd.NotStored, null)));
        }

        CountBallots();
        StayWhileNeeded();
    }

    /// <summary>Updates the silo's count of ballots. Midnight may clear the ballots while votes are stored.</summary>
    private void CountBallots()
    {
        remembered.Add(box.Count - counted);
        counted = box.Count;
    }

    private async Task StoreAsync(List<PendingVote> votes)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var document = await Documents.FindAsync(DocumentKind.Poll, Id);
            var ends = new VoteEnd[votes.Count];
            var room = limits.Ballots - remembered.Count;
            var poll = document is null ? null : Read<Poll>(document);
            if (box.Take(poll, votes.ConvertAll(one => one.Vote), limits, room, options.Now, ends, out var past) is not { } next)
            {
                Answer(votes, ends, document);
                Publish(votes, ends);
                return;
            }

            var isSent = false;
            try
            {
                var changes = await ChangesAsync(next, document, past);
                isSent = true;
                if (await Documents.TryChangeAsync(changes) is { } version)
                {
                    box.Keep(next);
                    isFailing = false;
                    Answer(votes, ends, new Document(DocumentKind.Poll, Id, changes[0].Json, version));
                    Publish(votes, ends);
                    return;
                }

                box.Undo(inDoubt: false);
            }
            catch
            {
                box.Undo(inDoubt: isSent);
                throw;
            }
        }

        throw new IOException("Other changes of the poll came first at every attempt.");
    }

    private async Task<DocumentChange[]> ChangesAsync(Poll next, Document? document, DayVotes? past)
    {
        var poll = Put(DocumentKind.Poll, next, document);
        if (past is null)
        {
            return [poll];
        }

        var before = await Documents.FindAsync(DocumentKind.PollPast, Id);
        return [poll, Put(DocumentKind.PollPast, (before is null ? PastVotes.Empty : Read<PastVotes>(before)).Add(past), before)];
    }

    private DocumentChange Put<T>(DocumentKind kind, T value, Document? before) =>
        new(kind, Id, JsonSerializer.Serialize(value, JsonSerializerOptions.Web), before?.Version ?? 0);

    private static T Read<T>(Document document) => JsonSerializer.Deserialize<T>(document.Json!, JsonSerializerOptions.Web)!;

    private void Publish(List<PendingVote> votes, VoteEnd[] ends)
    {
        if (ends.Contains(VoteEnd.Taken))
        {
            broadcaster.Publish(new PollChange(Id, [.. votes.Where((_, i) => ends[i] == VoteEnd.Taken).SelectMany(one => one.Vote.Reveals ?? [])]));
        }
    }

    private static void Answer(List<PendingVote> votes, VoteEnd[] ends, Document? document)
    {
        for (var i = 0; i < votes.Count; i++)
        {
            votes[i].Answer.TrySetResult(new VoteReply(ends[i], document));
        }
    }

    private void StayWhileNeeded()
    {
        if (box.Count > 0 && forgetting.IsCompleted)
        {
            DelayDeactivation(Timeout.InfiniteTimeSpan);
            forgetting = ForgetAtMidnightAsync(gone.Token);
        }

        if (box.IsInDoubt && settling.IsCompleted)
        {
            settling = SettleAsync(gone.Token);
        }
    }

    private async Task ForgetAtMidnightAsync(CancellationToken stop)
    {
        var now = options.Now;
        await Task.Delay(now.UtcDateTime.Date.AddDays(1) - now.UtcDateTime, options.Timers, stop)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        if (!stop.IsCancellationRequested)
        {
            box.Forget();
            CountBallots();
            DelayDeactivation(TimeSpan.Zero);
        }
    }

    /// <summary>Corrects the document while it may contain votes that were answered as not stored.</summary>
    private async Task SettleAsync(CancellationToken stop)
    {
        while (box.IsInDoubt && !stop.IsCancellationRequested)
        {
            await Task.Delay(UntilRetry, options.Timers, stop)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            if (!stop.IsCancellationRequested)
            {
                await storing!.RunAsync();
            }
        }
    }

    private void LogOnce(Exception exception)
    {
        if (!isFailing)
        {
            isFailing = true;
            LogFailed(Id, exception.GetBaseException().Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Votes of poll {Id} could not be stored, and do not count. {Reason}")]
    private partial void LogFailed(string id, string reason);

    /// <summary>A vote whose voter waits for the answer.</summary>
    private sealed class PendingVote(PollVote vote)
    {
        public PollVote Vote => vote;

        public TaskCompletionSource<VoteReply> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
