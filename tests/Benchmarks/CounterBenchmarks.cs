using BenchmarkDotNet.Attributes;
using Counter.Counting.Pages;
using Counter.Counting.Totals;

namespace Counter.Benchmarks;

/// <summary>Taking what the presence of a site reports of a page.</summary>
public class CounterBenchmarks
{
    private static readonly PageKey Page = new("example.com", "/");

    private readonly DateTimeOffset now = DateTimeOffset.UnixEpoch.AddYears(60);
    private readonly PageTotals counter = new(Page, new Tally(DateTimeOffset.UnixEpoch.AddYears(60)));
    private long sequence;

    [Benchmark]
    public void Report()
    {
        sequence++;
        counter.Apply(new PageReport(Page, 1, sequence, (int)(sequence % 100), sequence), now);
    }
}
