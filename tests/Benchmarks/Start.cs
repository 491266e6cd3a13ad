using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace Counter.Benchmarks;

/// <summary>What small parts cost: <c>dotnet run -c Release --project tests/Benchmarks -- --filter '*'</c>.</summary>
internal static class Start
{
    private static void Main(string[] args)
    {
        // In this process: the solution's own rules for code would apply to projects that are generated beside it.
        var config = DefaultConfig.Instance
            .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
            .AddDiagnoser(MemoryDiagnoser.Default)
            .WithArtifactsPath("artifacts/benchmarks");
        BenchmarkSwitcher.FromAssembly(typeof(Start).Assembly).Run(args, config);
    }
}
