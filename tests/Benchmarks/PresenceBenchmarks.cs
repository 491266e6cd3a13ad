using BenchmarkDotNet.Attributes;
using Counter.Counting.Pages;
using Counter.Counting.Presence;

namespace Counter.Benchmarks;

/// <summary>Somebody opens a page and leaves it, while so many others are there.</summary>
public class PresenceBenchmarks
{
    private readonly Presence presence = new(new Audience(), TimeProvider.System, _ => { });
    private readonly NoAnswer answer = new();
    private ulong visitor;

    [Params(1, 10_000)]
    public int Others { get; set; }

    [GlobalSetup]
    public void Fill()
    {
        for (var i = 0; i < Others; i++)
        {
            presence.Open(Somebody("/"), answer);
        }
    }

    [Benchmark]
    public void Open_and_close() => presence.Close(presence.Open(Somebody("/"), answer));

    private Arrival Somebody(string path) =>
        new(new PageKey("example.com", path), new VisitorKey("example.com", IdentityKind.Weak, ++visitor), "/online.png");

    private sealed class NoAnswer : IOpenResponse
    {
        public void Probe(Action written)
        {
        }

        public void End()
        {
        }
    }
}
