using Counter.Gateway.Frames;
using Counter.Gateway.Streaming;

namespace Counter.Gateway.Polls.Pictures;

/// <summary>Somebody who looks at a poll: without its results until they are shown to whom they look like.</summary>
/// <param name="voter">The visitor, as a hash that means nothing tomorrow; 0 where that does not matter.</param>
/// <param name="hasVoted">Whether the results are shown as to one who voted.</param>
/// <param name="look">How it looks.</param>
/// <param name="frames">Draws it.</param>
/// <param name="stream">The open picture.</param>
internal sealed class PollViewer(ulong voter, bool hasVoted, PollStyle look, PollFrames frames, LiveStream stream) : Viewer<PollState>(stream)
{
    private PollState? shown;

    /// <summary>The visitor, as a hash that means nothing tomorrow; 0 where that does not matter.</summary>
    public ulong Voter => voter;

    /// <summary>How it looks.</summary>
    public PollStyle Look => look;

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
    protected override Frame Draw(PollState state) => frames.Get(HasVoted ? state.ToVoters : state.ToOthers, look);
}
