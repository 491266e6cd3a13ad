using System.Collections.Concurrent;
using Counter.Counting;
using Counter.Counting.Polls;
using Counter.Gateway.Cluster;
using Counter.Gateway.Documents;
using Counter.Gateway.Frames;
using Counter.Gateway.Polls.Votes;
using Counter.Gateway.Settings;
using Counter.Gateway.Streaming;

namespace Counter.Gateway.Polls.Pictures;

/// <summary>The polls that have viewers on this gateway.</summary>
internal sealed class PollBroadcasts : IStreamSource, IDisposable
{
    // Votes from other gateways are read at once, but no more often than this while many people vote.
    private static readonly TimeSpan ReadingPace = TimeSpan.FromMilliseconds(100);

    private readonly PollFrames frames;
    private readonly DocumentCache<Poll> documents;
    private readonly TimeProvider clock;
    private readonly Coalescer coalescer;
    private readonly ConcurrentQueue<VoteQuestion> voted = [];
    private readonly ConcurrentDictionary<string, PollBroadcast> shown = new(StringComparer.Ordinal);

    public PollBroadcasts(PollFrames frames, DocumentCache<Poll> documents, ClusterEvents events, TimeProvider clock)
    {
        (this.frames, this.documents, this.clock) = (frames, documents, clock);
        coalescer = new Coalescer(clock, ReadingPace, () => _ = TryReadAsync());
        documents.Changed += (before, now) =>
        {
            foreach (var poll in shown.Keys.Where(id => before.GetValueOrDefault(id)?.Version != now.GetValueOrDefault(id)?.Version))
            {
                Change(poll);
            }
        };
        events.PollChanged += change =>
        {
            foreach (var voter in change.Voters)
            {
                voted.Enqueue(new VoteQuestion(change.Poll, voter));
            }

            coalescer.Trigger();
        };
    }

    /// <inheritdoc/>
    public IEnumerable<IViewerStream> Viewers => shown.Values.SelectMany(poll => poll.All());

    /// <summary>The current picture of a poll.</summary>
    /// <param name="id">The id of the poll's document.</param>
    /// <param name="begun">The poll to show when none is stored.</param>
    /// <param name="style">The style of the picture.</param>
    /// <param name="voted">Whether the viewer has voted.</param>
    public Frame Draw(string id, Poll begun, PollStyle style, bool voted) => frames.Get(ViewOf(id, begun, voted), style);

    /// <summary>The current picture of a poll from the cache; null when it must be drawn.</summary>
    public Frame? Find(PollRequest request, bool voted) => frames.Find(ViewOf(request.Id, request.Poll, voted), request.Style);

    /// <summary>The number of streams that show a poll.</summary>
    public int Streams(string id) => shown.TryGetValue(id, out var poll) ? poll.Streams : 0;

    /// <summary>Shows a poll to a viewer until <see cref="Leave"/>.</summary>
    public void Join(PollRequest request, PollSubscriber viewer)
    {
        // When the poll is deleted, its viewers continue to see its definition, without votes.
        var asked = Poll.Begin(request.Poll.Page, request.Poll.Name, request.Poll.Definition, request.Poll.Day);
        while (!shown.GetOrAdd(request.Id, id => new PollBroadcast(() => StateOf(id, asked), clock)).TryAdd(viewer))
        {
            // The last viewer has just left. The call of Leave that noticed it removes the broadcast.
        }
    }

    /// <summary>Removes a viewer.</summary>
    public void Leave(PollRequest request, PollSubscriber viewer)
    {
        if (shown.TryGetValue(request.Id, out var poll) && poll.Leave(viewer))
        {
            shown.TryRemove(KeyValuePair.Create(request.Id, poll));
            poll.Dispose();
        }
    }

    /// <summary>Shows the results to a visitor who voted.</summary>
    public void Reveal(VoteQuestion voted)
    {
        if (shown.TryGetValue(voted.Poll, out var poll))
        {
            poll.Reveal(voted.Voter);
        }
    }

    /// <inheritdoc/>
    public ValueTask MaintainAsync(StreamingOptions options)
    {
        foreach (var poll in shown.Values)
        {
            poll.Maintain(options);

            // The poll may have closed. An unchanged picture comes from the cache and is not sent again.
            poll.Changed();
        }

        return ValueTask.CompletedTask;
    }

    public void Dispose()
    {
        coalescer.Dispose();
        foreach (var poll in shown.Values)
        {
            poll.Dispose();
        }
    }

    private async Task TryReadAsync()
    {
        // The refresh comes before the results are shown, so that they include the voter's own vote.
        var reveals = voted.Count;
        try
        {
            await documents.RefreshAsync(CancellationToken.None);
        }
        catch (Exception)
        {
            // The cache is refreshed every second anyway, which logs the problem.
        }

        while (reveals-- > 0 && voted.TryDequeue(out var question))
        {
            Reveal(question);
        }
    }

    private PollState StateOf(string id, Poll begun) => new(ViewOf(id, begun, voted: true), ViewOf(id, begun, voted: false));

    private PollView ViewOf(string id, Poll begun, bool voted)
    {
        var poll = documents.Entries.GetValueOrDefault(id)?.Value ?? begun;
        var closed = poll.Definition.IsClosed(clock.GetUtcNow());
        return new PollView(poll.Definition, poll.Votes, closed, voted || closed || poll.Definition.Results == ResultsShown.Always);
    }

    private void Change(string id)
    {
        if (shown.TryGetValue(id, out var poll))
        {
            poll.Changed();
        }
    }
}
