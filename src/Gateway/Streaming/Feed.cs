using Counter.Counting;
using Counter.Counting.Cluster;
using Counter.Counting.Pages;
using Counter.Counting.Presence;
using Counter.Gateway.Frames;

namespace Counter.Gateway.Streaming;

/// <summary>One number and the streams that show it.</summary>
/// <remarks>
/// The number is what the other gateways have, as the cluster last said, plus the viewers here, as they are now. So a change
/// here is shown without waiting for anybody and nothing has to be taken back when the cluster's answer comes.
/// The first change is pushed at once, further ones at most as often as the pacing allows; a stream that joins gets its first
/// frame with the next push, which is at once unless one has just been. A join storm of N viewers thus costs O(N) frames.
/// </remarks>
internal sealed class Feed : IDisposable
{
    private readonly Audience audience;
    private readonly Coalescer pacing;
    private readonly Lock gate = new();
    private readonly Dictionary<LiveStream, Viewer> viewers = [];
    private Viewer[] pushing = [];
    private long version = -1;
    private int others;

    public Feed(CountKey key, Audience audience, TimeProvider clock, TimeSpan pace)
    {
        Key = key;
        this.audience = audience;
        pacing = new Coalescer(clock, pace, Push);
    }

    /// <summary>What is counted.</summary>
    public CountKey Key { get; }

    /// <summary>The streams that show this number.</summary>
    public int Streams
    {
        get
        {
            lock (gate)
            {
                return viewers.Count;
            }
        }
    }

    /// <summary>The number now.</summary>
    public int Number
    {
        get
        {
            var here = audience.Viewers(Key);
            lock (gate)
            {
                return Math.Max(0, others) + here;
            }
        }
    }

    /// <summary>Adds a stream. Its first frame comes with the next <see cref="Changed"/>.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="draw">Makes the frame that shows a number on this stream.</param>
    public void Join(LiveStream stream, Func<Reading, Frame> draw)
    {
        lock (gate)
        {
            viewers.Add(stream, new Viewer(stream, draw));
        }
    }

    /// <summary>Takes a stream out; without effect for one that is not in.</summary>
    public void Leave(LiveStream stream)
    {
        lock (gate)
        {
            viewers.Remove(stream);
        }
    }

    /// <summary>The number may have changed, or somebody joined: push what is new to whom it is new.</summary>
    public void Changed() => pacing.Trigger();

    /// <summary>Takes what the cluster says, unless something newer is known.</summary>
    /// <param name="total">The total of all gateways.</param>
    /// <param name="included">The viewers here that the total includes.</param>
    public void Learn(Total total, int included)
    {
        lock (gate)
        {
            if (total.Version < version)
            {
                return;
            }

            version = total.Version;
            if (others == total.Viewers - included)
            {
                return;
            }

            others = total.Viewers - included;
        }

        Changed();
    }

    /// <summary>Re-sends what is due and drops what is stuck.</summary>
    public void Tend(TimeSpan refresh, TimeSpan writeTimeout)
    {
        var due = false;
        foreach (var viewer in All())
        {
            if (viewer.Stream.Tend(refresh, writeTimeout))
            {
                viewer.Forget();
                due = true;
            }
        }

        if (due)
        {
            Changed();
        }
    }

    /// <summary>The streams, each with what ends it honestly: the number it shows, marked as no longer live.</summary>
    public IEnumerable<(LiveStream Stream, Action End)> Endings()
    {
        foreach (var viewer in All())
        {
            yield return (viewer.Stream, () => viewer.End(new Reading(Number, Live: false)));
        }
    }

    /// <summary>Ends every stream with a still of the number.</summary>
    public void EndAll()
    {
        var reading = new Reading(Number);
        foreach (var viewer in All())
        {
            viewer.End(reading);
        }
    }

    public void Dispose() => pacing.Dispose();

    private Viewer[] All()
    {
        lock (gate)
        {
            return [.. viewers.Values];
        }
    }

    /// <summary>Never runs twice at once (the pacing sees to that), so the array is reused from push to push.</summary>
    private void Push()
    {
        var reading = new Reading(Number);
        int count;
        lock (gate)
        {
            count = viewers.Count;
            if (pushing.Length < count || pushing.Length > 4 * (count + 16))
            {
                pushing = new Viewer[count + count / 2];
            }

            viewers.Values.CopyTo(pushing, 0);
        }

        foreach (var viewer in pushing.AsSpan(0, count))
        {
            if (viewer.Shown != reading)
            {
                viewer.Show(reading);
            }
        }

        Array.Clear(pushing, 0, count);
    }

    private sealed class Viewer(LiveStream stream, Func<Reading, Frame> draw)
    {
        public LiveStream Stream => stream;

        public Reading? Shown { get; private set; }

        public void Show(Reading reading)
        {
            Shown = reading;
            stream.Offer(draw(reading));
        }

        /// <summary>The next push shows the number again, changed or not.</summary>
        public void Forget() => Shown = null;

        public void End(Reading reading) => stream.End(draw(reading));
    }
}
