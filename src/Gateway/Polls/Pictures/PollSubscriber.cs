using Counter.Gateway.Frames;
using Counter.Gateway.Streaming;

namespace Counter.Gateway.Polls.Pictures;

/// <summary>A viewer of a poll. Where results are hidden, it sees them once its visitor has voted.</summary>
/// <param name="voter">The visitor, as a hash with a daily salt; 0 where the visitor does not matter.</param>
/// <param name="hasVoted">Whether the viewer sees the results as voters do.</param>
/// <param name="style">The style of the picture.</param>
/// <param name="frames">Draws the picture.</param>
/// <param name="stream">The open stream.</param>
internal sealed class PollSubscriber(ulong voter, bool hasVoted, PollStyle style, PollFrames frames, LiveStream stream) : Subscriber<PollState>(stream)
{
    private PollState? shown;

    /// <summary>The visitor, as a hash with a daily salt; 0 where the visitor does not matter.</summary>
    public ulong Voter => voter;

    public PollStyle Style => style;

    /// <summary>Whether the viewer sees the results as voters do.</summary>
    public bool HasVoted { get; set; } = hasVoted;

    /// <inheritdoc/>
    public override void Show(PollState state)
    {
        shown = state;
        base.Show(state);
    }

    /// <summary>Ends the stream properly, with its current picture.</summary>
    public override void End()
    {
        if (shown is not null)
        {
            End(shown);
        }
    }

    /// <inheritdoc/>
    protected override Frame Draw(PollState state) => frames.Get(HasVoted ? state.ToVoters : state.ToOthers, style);
}
