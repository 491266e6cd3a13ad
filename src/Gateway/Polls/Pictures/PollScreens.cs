using System.Collections.Concurrent;
using Counter.Counting;
using Counter.Counting.Polls;
using Counter.Gateway.Documents;
using Counter.Gateway.Frames;
using Counter.Gateway.Polls.Votes;
using Counter.Gateway.Relay;
using Counter.Gateway.Streaming;

namespace Counter.Gateway.Polls.Pictures;

/// <summary>The polls that somebody looks at here: each look of one is a screen, and all of them change together.</summary>
internal sealed class PollScreens : IStreamSource, IDisposable
{
    /// <summary>A picture has some kilobytes, so of many votes at a time not every one is shown on its own.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(250);

    private readonly PollFrames frames;
    private readonly BallotBox box;
    private readonly DocumentBook<Poll> book;
    private readonly TimeProvider clock;
    private readonly Lock gate = new();

    // Changed under `gate`; read by anybody.
    private readonly ConcurrentDictionary<string, Shown> shown = new(StringComparer.Ordinal);

    public PollScreens(PollFrames frames, BallotBox box, DocumentBook<Poll> book, TimeProvider clock)
    {
        (this.frames, this.box, this.book, this.clock) = (frames, box, book, clock);
        box.Changed += Change;
        book.Changed += (before, now) =>
        {
            foreach (var poll in shown.Keys.Where(id => before.GetValueOrDefault(id)?.Version != now.GetValueOrDefault(id)?.Version))
            {
                Change(poll);
            }
        };
    }

    /// <inheritdoc/>
    public IEnumerable<IViewerStream> Viewers => shown.Values.SelectMany(poll => poll.Screens.Values).SelectMany(screen => screen.All());

    /// <summary>The picture of a poll now.</summary>
    /// <param name="id">The document of the poll.</param>
    /// <param name="begun">The poll when it is not there.</param>
    /// <param name="look">How it looks.</param>
    /// <param name="voted">Whether whoever looks has voted.</param>
    public Frame Draw(string id, Poll begun, PollLook look, bool voted)
    {
        var poll = book.Entries.GetValueOrDefault(id)?.Value ?? begun;
        var closed = poll.Definition.IsClosed(clock.GetUtcNow());
        var isShown = voted || closed || poll.Definition.Results == ResultsShown.Always;
        return frames.Get(new PollView(poll.Definition, box.VotesOf(id, poll), closed, isShown), look);
    }

    /// <summary>How many streams show a poll.</summary>
    public int Streams(string id) => shown.TryGetValue(id, out var poll) ? poll.Screens.Values.Sum(screen => screen.Streams) : 0;

    /// <summary>Has a stream show a poll.</summary>
    public Watcher Join(PollRequest request, bool voted, LiveStream stream)
    {
        Watcher watcher;
        Screen screen;
        lock (gate)
        {
            var poll = shown.GetOrAdd(request.Id, id => new Shown(request.Poll, clock, () => Update(id)));
            screen = poll.Screens.GetOrAdd((request.Look, voted), _ => new Screen(Draw(request.Id, request.Poll, request.Look, voted)));
            watcher = new Watcher(screen, stream);
            screen.Join(watcher);
        }

        // Somebody may have voted while the first picture was drawn.
        Change(request.Id);
        return watcher;
    }

    /// <summary>Takes a stream out.</summary>
    public void Leave(PollRequest request, bool voted, Watcher watcher)
    {
        lock (gate)
        {
            if (!shown.TryGetValue(request.Id, out var poll) || !poll.Screens.TryGetValue((request.Look, voted), out var screen))
            {
                return;
            }

            screen.Leave(watcher);
            if (screen.Streams == 0)
            {
                poll.Screens.TryRemove((request.Look, voted), out _);
            }

            if (poll.Screens.IsEmpty)
            {
                shown.TryRemove(request.Id, out _);
                poll.Pacing.Dispose();
            }
        }
    }

    /// <inheritdoc/>
    public void Tend(StreamingOptions options)
    {
        var now = clock.GetUtcNow();
        foreach (var (id, poll) in shown)
        {
            foreach (var screen in poll.Screens.Values)
            {
                foreach (var watcher in screen.All().Where(watcher => watcher.Stream.Tend(options)))
                {
                    screen.ShowAgain(watcher);
                }
            }

            var closed = (book.Entries.GetValueOrDefault(id)?.Value ?? poll.Begun).Definition.IsClosed(now);
            if (closed != poll.Closed)
            {
                poll.Closed = closed;
                Change(id);
            }
        }
    }

    public void Dispose()
    {
        foreach (var poll in shown.Values)
        {
            poll.Pacing.Dispose();
        }
    }

    private void Change(string id)
    {
        if (shown.TryGetValue(id, out var poll))
        {
            poll.Pacing.Trigger();
        }
    }

    /// <summary>Draws what changed, and shows it. Whoever draws logs what goes wrong; then the last picture stays.</summary>
    private void Update(string id)
    {
        if (!shown.TryGetValue(id, out var poll))
        {
            return;
        }

        foreach (var ((look, voted), screen) in poll.Screens)
        {
            try
            {
                var frame = Draw(id, poll.Begun, look, voted);
                if (!ReferenceEquals(frame, screen.Current))
                {
                    screen.Put(frame).Tell();
                }
            }
            catch (Exception)
            {
                // The next change tries again, and the other looks are drawn.
            }
        }
    }

    private sealed class Shown(Poll begun, TimeProvider clock, Action update)
    {
        public Poll Begun => begun;

        public bool Closed { get; set; } = begun.Definition.IsClosed(clock.GetUtcNow());

        public ConcurrentDictionary<(PollLook Look, bool Voted), Screen> Screens { get; } = [];

        public Coalescer Pacing { get; } = new(clock, Pace, update);
    }
}
