using Counter.Gateway.Streaming;

namespace Counter.Gateway.Polls.Pictures;

/// <summary>A poll that somebody looks at. A picture has some kilobytes, so of many votes at a time not every one is shown on its own.</summary>
/// <param name="read">Reads the poll as it is now.</param>
/// <param name="clock">Tells the time.</param>
internal sealed class PollBroadcast(Func<PollState> read, TimeProvider clock) : Broadcast<PollState, PollSubscriber>(clock, Pace)
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(250);

    private bool isOver;

    /// <inheritdoc/>
    public override PollState State => read();

    /// <summary>Adds a viewer, who sees the poll at once.</summary>
    /// <returns>False when the last viewer has left: then it is over.</returns>
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

    /// <summary>Takes a viewer out.</summary>
    /// <returns>Whether that was the last one; then it is over.</returns>
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

    /// <summary>What most look at comes first: anybody can make up a look.</summary>
    protected override void Push(ArraySegment<PollSubscriber> everybody)
    {
        var state = State;
        foreach (var viewer in everybody.GroupBy(viewer => viewer.Style).OrderByDescending(style => style.Count()).SelectMany(style => style))
        {
            viewer.Show(state);
        }
    }
}

/// <summary>A poll as those see it who voted, and as others do.</summary>
internal sealed record PollState(PollView ToVoters, PollView ToOthers);
