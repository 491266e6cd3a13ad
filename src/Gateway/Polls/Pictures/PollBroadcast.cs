using Counter.Gateway.Streaming;

namespace Counter.Gateway.Polls.Pictures;

/// <summary>Publishes a poll to its viewers. A picture has some kilobytes, so several votes at a time share one.</summary>
/// <param name="read">Reads the current state of the poll.</param>
/// <param name="clock">The clock.</param>
internal sealed class PollBroadcast(Func<PollState> read, TimeProvider clock) : Broadcast<PollState, PollSubscriber>(clock, Pace)
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(250);

    private bool isOver;

    /// <inheritdoc/>
    public override PollState State => read();

    /// <summary>Adds a viewer and shows it the poll.</summary>
    /// <returns>False when the last viewer has left, which ended the broadcast.</returns>
    public bool TryAdd(PollSubscriber viewer)
    {
        lock (Gate)
        {
            if (isOver)
            {
                return false;
            }

            Add(viewer);
        }

        Show(viewer);
        return true;
    }

    /// <summary>Removes a viewer.</summary>
    /// <returns>Whether it was the last one, which ends the broadcast.</returns>
    public bool Leave(PollSubscriber viewer)
    {
        lock (Gate)
        {
            Remove(viewer);
            return isOver = Streams == 0;
        }
    }

    /// <summary>Shows the results to a visitor who voted.</summary>
    public void Reveal(ulong voter)
    {
        foreach (var viewer in All().Where(viewer => viewer.Voter == voter && !viewer.HasVoted))
        {
            viewer.HasVoted = true;
            Show(viewer);
        }
    }

    /// <summary>Pushes the styles with the most viewers first, because anybody can request a new style.</summary>
    protected override void Push(ArraySegment<PollSubscriber> everybody)
    {
        var state = State;
        foreach (var viewer in everybody.GroupBy(viewer => viewer.Style).OrderByDescending(style => style.Count()).SelectMany(style => style))
        {
            viewer.Show(state);
        }
    }
}

/// <summary>The view of a poll for those who voted, and the view for others.</summary>
internal sealed record PollState(PollView ToVoters, PollView ToOthers);
