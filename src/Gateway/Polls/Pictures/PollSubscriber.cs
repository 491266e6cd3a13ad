using Counter.Gateway.Frames;
using Counter.Gateway.Streaming;

namespace Counter.Gateway.Polls.Pictures;

/// <summary>Somebody who looks at a poll: without its results until they are shown to whom they look like.</summary>
/// <param name="voter">The visitor, as a hash that means nothing tomorrow; 0 where that does not matter.</param>
/// <param name="hasVoted">Whether the results are shown as to one who voted.</param>
/// <param name="style">How it looks.</param>
/// <param name="frames">Draws it.</param>
/// <param name="stream">The open picture.</param>
internal sealed class PollSubscriber(ulong voter, bool hasVoted, PollStyle style, PollFrames frames, LiveStream stream) : Subscriber<PollState>(stream)
{
    private PollState? shown;

    /// <summary>The visitor, as a hash that means nothing tomorrow; 0 where that does not matter.</summary>
    public ulong Voter => voter;

    /// <summary>How it looks.</summary>
    public PollStyle Style => style;

    /// <summary>Whether the results are shown as to one who voted.</summary>
    public bool HasVoted { get; set; } = hasVoted;

    /// <inheritdoc/>
    public override void Show(PollState state)
    {
        shown = state;
        base.Show(state);
    }

    /// <summary>Ends the stream properly, with the picture that it shows.</summary>
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
