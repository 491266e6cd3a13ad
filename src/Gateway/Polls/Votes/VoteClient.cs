using Counter.Counting.Cluster;
using Counter.Counting.Polls;
using Counter.Gateway.Documents;
using Counter.Gateway.Settings;
using Microsoft.Extensions.Options;

namespace Counter.Gateway.Polls.Votes;

/// <summary>Sends votes to the cluster, and applies them on this gateway as wait as they are stored.</summary>
internal sealed partial class VoteClient(
    ICluster cluster, DocumentCache<Poll> documents, IOptions<LimitsOptions> options, TimeProvider clock, ILogger<VoteClient> log)
{
    /// <summary>The longest wait for a vote to be stored.</summary>
    private static readonly TimeSpan StoreTimeout = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(500);

    private readonly LimitsOptions limits = options.Value;

    /// <summary>Casts a vote.</summary>
    /// <param name="poll">The poll.</param>
    /// <param name="answer">The text of the answer.</param>
    /// <param name="voter">The voter.</param>
    /// <param name="reveals">The possible hashes of the visitor where results are shown after voting; null where they are always shown.</param>
    /// <param name="cancellationToken">Stops waiting. The vote may still be stored.</param>
    /// <returns>The outcome, once it is stored.</returns>
    public async Task<VoteEnd> CastAsync(PollRequest poll, string answer, Voter voter, IReadOnlyList<ulong>? reveals, CancellationToken cancellationToken)
    {
        if (!poll.Exists && !HasRoomFor(poll.Id))
        {
            return VoteEnd.NoRoom;
        }

        var begun = poll.Exists ? null : new NewPoll(poll.Poll.Page, poll.Poll.Name, poll.Poll.Definition);
        var vote = new PollVote(answer, voter.Today, voter.Network, unchecked((ulong)Random.Shared.NextInt64()) | 1, begun, reveals);
        using var timeout = new CancellationTokenSource(StoreTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            var (end, document) = await cluster.VoteAsync(poll.Id, vote, new BallotLimits(limits.Ballots, limits.VotersPerAddress), either.Token);
            if (document is not null)
            {
                await documents.ApplyAsync(document, cancellationToken);
            }

            return end;
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            LogUnreachable(poll.Id, e.Message);
            return VoteEnd.NotStored;
        }
    }

    /// <summary>Whether a visitor has voted today; false when the poll does not answer.</summary>
    public async Task<bool> HasVotedAsync(VoteQuestion question, CancellationToken cancellationToken)
    {
        try
        {
            return question.Voter != 0 && await cluster.HasVotedAsync(question.Poll, question.Voter, cancellationToken);
        }
        catch (Exception e)
        {
            LogUnreachable(question.Poll, e.Message);
            return false;
        }
    }

    /// <summary>The answer that a visitor chose today; null for none, and when the poll does not answer in time: a page does not wait.</summary>
    public async Task<string?> FindChoiceAsync(PollRequest poll, Voter voter, CancellationToken cancellationToken)
    {
        if (!poll.Exists || voter.Today == 0 || poll.Poll.Votes.All(votes => votes == 0))
        {
            return null;
        }

        using var wait = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        wait.CancelAfter(LongestWait);
        try
        {
            return await cluster.FindVoteAsync(poll.Id, voter.Today, wait.Token) is { } choice && choice.Beginning == poll.Poll.Beginning ? choice.Answer : null;
        }
        catch (Exception e)
        {
            LogUnreachable(poll.Id, e.Message);
            return null;
        }
    }

    /// <summary>Whether there is room for another poll of a site. Polls that begin at the same time can exceed the limit a little.</summary>
    private bool HasRoomFor(string id)
    {
        var site = id[..(id.LastIndexOf('/') + 1)];
        var known = documents.Entries;
        return known.Count < limits.Polls && known.Keys.Count(other => other.StartsWith(site, StringComparison.Ordinal)) < limits.PollsPerSite;
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Poll {Id} did not answer: {Reason}")]
    private partial void LogUnreachable(string id, string reason);
}
