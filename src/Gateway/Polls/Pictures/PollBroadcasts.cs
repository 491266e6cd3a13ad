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

/// <summary>The polls that somebody looks at here.</summary>
internal sealed class PollBroadcasts : IStreamSource, IDisposable
{
    // What was voted elsewhere is read at once, and not more often while everybody votes.
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

    /// <summary>The picture of a poll now.</summary>
    /// <param name="id">The document of the poll.</param>
    /// <param name="begun">The poll when it is not there.</param>
    /// <param name="style">How it looks.</param>
    /// <param name="voted">Whether whoever looks has voted.</param>
    public Frame Draw(string id, Poll begun, PollStyle style, bool voted) => frames.Get(ViewOf(id, begun, voted), style);

    /// <summary>The picture of a poll now, unless it has to be drawn.</summary>
    public Frame? Find(PollRequest request, bool voted) => frames.Find(ViewOf(request.Id, request.Poll, voted), request.Style);

    /// <summary>How many streams show a poll.</summary>
    public int Streams(string id) => shown.TryGetValue(id, out var poll) ? poll.Streams : 0;

    /// <summary>Has a viewer see a poll, until <see cref="Leave"/>.</summary>
    public void Join(PollRequest request, PollSubscriber viewer)
    {
        // When it is deleted those who look go on seeing what was asked, but no votes.
        var asked = Poll.Begin(request.Poll.Page, request.Poll.Name, request.Poll.Definition, request.Poll.Day);
        while (!shown.GetOrAdd(request.Id, id => new PollBroadcast(() => StateOf(id, asked), clock)).TryAdd(viewer))
        {
            // The last one left just now; whoever saw that takes it away.
        }
    }

    /// <summary>Takes a viewer out.</summary>
    public void Leave(PollRequest request, PollSubscriber viewer)
    {
        if (shown.TryGetValue(request.Id, out var poll) && poll.Leave(viewer))
        {
            shown.TryRemove(KeyValuePair.Create(request.Id, poll));
            poll.Dispose();
        }
    }

    /// <summary>Shows the results to somebody who voted.</summary>
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

            // It may have closed. Pictures that are as they were are found in no time, and not sent.
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
        // Nobody sees results without the own vote in them.
        var reveals = voted.Count;
        try
        {
            await documents.RefreshAsync(CancellationToken.None);
        }
        catch (Exception)
        {
            // It is read every second in any case, and says then what is wrong.
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
