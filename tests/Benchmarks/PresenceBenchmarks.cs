using BenchmarkDotNet.Attributes;
using Counter.Counting.Pages;
using Counter.Counting.Presence;

namespace Counter.Benchmarks;

/// <summary>Somebody opens a page and leaves it, while so many others are there.</summary>
public class PresenceBenchmarks
{
    private readonly SitePresence presence = new("example.com", 1, TimeProvider.System, new Nobody());
    private long batch;
    private long stream;

    [Params(1, 10_000)]
    public int Others { get; set; }

    [GlobalSetup]
    public void Fill()
    {
        for (var i = 0; i < Others; i++)
        {
            Apply(Open());
        }
    }

    [Benchmark]
    public void Open_and_close()
    {
        Apply(Open());
        Apply(new StreamChange(stream, null));
    }

    private StreamChange Open() => new(++stream, new StreamOpening(
        "/", IdentityKind.Weak, (ulong)stream, null, null, 1, 0, SettledBy.Itself, IsPrerendered: false, null, null, TimeSpan.Zero, IsAcknowledged: false));

    private void Apply(StreamChange change)
    {
        var part = batch == 0 ? SnapshotPart.First | SnapshotPart.Last : SnapshotPart.None;
        presence.Apply(new PresenceBatch("gateway", batch + 1, batch, part, [change], [], [], [], [], AsksAll: false, Limits: null));
        batch++;
        presence.Confirm(presence.TakeReports(10));
    }

    private sealed class Nobody : IPresencePublisher
    {
        public void Publish(string gateway, CountUpdate total)
        {
        }

        public void Publish(string gateway, string site, StreamCommand command)
        {
        }

        public void Judged(string browser, bool works)
        {
        }

        public void Reportable()
        {
        }
    }
}
