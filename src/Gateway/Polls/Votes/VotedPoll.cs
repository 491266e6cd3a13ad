using Counter.Counting.Polls;
using Counter.Gateway.Streaming;

namespace Counter.Gateway.Polls.Votes;

/// <summary>A poll that was voted in at this gateway. Not safe for concurrent use.</summary>
/// <param name="gateway">The run of the gateway.</param>
/// <param name="ifNew">The poll that the first vote began; null for one that was there.</param>
internal sealed class VotedPoll(string gateway, Poll? ifNew)
{
    // A poll that everybody votes in must not take all the room.
    private const int ShareOfPoll = 10;

    // What the ballots are of; null before the first vote.
    private Poll? known;

    /// <summary>The poll that the first vote began; null for one that was there.</summary>
    public Poll? IfNew { get; } = ifNew;

    /// <summary>The votes that are not kept yet.</summary>
    public PendingVotes Pending { get; } = new(gateway);

    /// <summary>Who chose what today.</summary>
    public Ballots Ballots { get; private set; } = new(0, 0);

    /// <summary>Goes on with a poll as it is now: when its answers changed votes stay where they can, when it was reset all may vote anew.</summary>
    public void Follow(Poll poll, LimitsOptions limits)
    {
        if (known is not null && known.Beginning == poll.Beginning)
        {
            if (known.Round != poll.Round)
            {
                Ballots.Align(known.Definition.Answers, poll.Definition.Answers);
                Pending.Align(known, poll);
            }
        }
        else
        {
            Clear(limits);
        }

        known = poll;
    }

    /// <summary>Forgets who voted.</summary>
    public void Clear(LimitsOptions limits) =>
        Ballots = new Ballots(Math.Max(1, limits.Ballots / ShareOfPoll), limits.VotersPerAddress);
}
