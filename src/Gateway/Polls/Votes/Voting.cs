using Counter.Counting.Polls;
using Counter.Gateway.Cluster;
using Counter.Gateway.Links;

namespace Counter.Gateway.Polls.Votes;

/// <summary>
/// Brings a vote to the gateway that knows who voted in the poll: of those that hear each other the same one for all. One that cannot be
/// reached is stood in for here, where nobody knows who has voted there.
/// </summary>
internal sealed partial class Voting(
    BallotBox box, LinkKeeper links, LinkClient client, ThisGateway here, TimeProvider clock, ILogger<Voting> log)
{
    private const int Attempts = 2;
    private const int LongestAnswer = 4096;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Takes a vote, here or there.</summary>
    public Task<VoteEnd> CastAsync(PollVote vote, CancellationToken cancellationToken) => AskAsync(
        vote.Poll, LinkEndpoints.Vote, vote, () => box.Cast(vote), static (VoteAnswer answer) => answer.End, cancellationToken);

    /// <summary>Whether a visitor has voted today.</summary>
    public Task<bool> HasVotedAsync(VoteQuestion question, CancellationToken cancellationToken) => AskAsync(
        question.Poll, LinkEndpoints.Voted, question, () => box.HasVoted(question), static (VoteReminder answer) => answer.Voted, cancellationToken);

    private async Task<TResult> AskAsync<TQuestion, TAnswer, TResult>(
        string poll, string path, TQuestion question, Func<TResult> askHere, Func<TAnswer, TResult> read, CancellationToken cancellationToken)
    {
        var gateways = links.All;
        var keeper = Keeper.Of(poll, gateways.Select(gateway => gateway.Id).Append(here.Id));
        for (var attempt = 0; attempt < Attempts && gateways.FirstOrDefault(gateway => gateway.Id == keeper) is { } there; attempt++)
        {
            try
            {
                using var patience = new CancellationTokenSource(Patience, clock);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
                using var answer = await client.AskAsync(there, path, either.Token, JsonContent.Create(question));
                await answer.Content.LoadIntoBufferAsync(LongestAnswer, either.Token);
                return read((await answer.Content.ReadFromJsonAsync<TAnswer>(either.Token))!);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                LogAway(there.Name, e.Message);
            }
        }

        return askHere();
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Gateway {Gateway} was not reached for a poll: {Reason}")]
    private partial void LogAway(string gateway, string reason);
}
