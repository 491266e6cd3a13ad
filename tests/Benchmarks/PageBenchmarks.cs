using BenchmarkDotNet.Attributes;
using Counter.Counting.Pages;

namespace Counter.Benchmarks;

/// <summary>Which page a request is about.</summary>
public class PageBenchmarks
{
    private readonly PageLimits limits = new(253, 500);

    [Benchmark]
    public bool Derive_from_Referer() =>
        PageAddress.TryDerive("https://www.Example.com/blog/first-post/?utm_source=mail&id=7#comments", null, null, limits, out _, out _);

    [Benchmark]
    public bool Derive_from_parameters() => PageAddress.TryDerive("https://example.com/", "bücher.example", "/käse/%7Eme?b=2", limits, out _, out _);
}
