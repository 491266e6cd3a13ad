using BenchmarkDotNet.Attributes;
using Counter.Counting.Cluster;
using Counter.Counting.Pages;
using Counter.Counting.Totals;

namespace Counter.Benchmarks;

/// <summary>Merging what so many gateways say about a page.</summary>
public class CounterBenchmarks
{
    private static readonly PageKey Page = new("example.com", "/");

    private readonly DateTimeOffset now = DateTimeOffset.UnixEpoch.AddYears(60);
    private string[] gateways = [];
    private PageCounter counter = null!;
    private long sequence;

    [Params(1, 10)]
    public int Gateways { get; set; }

    [GlobalSetup]
    public void Begin()
    {
        gateways = [.. Enumerable.Range(0, Gateways).Select(i => $"gateway-{i}")];
        counter = new PageCounter(Page, TimeSpan.FromSeconds(15), now);
    }

    [Benchmark]
    public void Report()
    {
        sequence++;
        counter.Apply(gateways[sequence % Gateways], new PageReport(Page, 1, sequence, (int)(sequence % 100), sequence), now);
    }
}
