using System.Diagnostics;
using System.Reflection;
using Xunit;

namespace Counter.Deploy.Tests;

/// <summary>Runs the Bicep compiler, which is a program. It needs no network, and is given none.</summary>
internal static class BicepCompiler
{
    private static readonly string? Program = typeof(BicepCompiler).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .FirstOrDefault(metadata => metadata.Key == "Bicep")?.Value;

    // Each takes a processor for some seconds.
    private static readonly SemaphoreSlim Turns = new(2);

    /// <summary>Skips a test where there is no compiler.</summary>
    public static void SkipWithout() => Assert.SkipWhen(Program is null, "The Bicep compiler is here on Linux on x64 only: nothing was compiled.");

    /// <summary>What it wrote, what it complained about, and whether it refused. Warnings are complaints.</summary>
    /// <param name="environment">What the parameter file reads from the environment.</param>
    /// <param name="arguments">The command and what it wants.</param>
    public static async Task<(string Output, string Complaints, bool Refused)> RunAsync(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(Program!, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };

        // Only modules of a registry would be fetched, and there are none. What asks nevertheless asks a proxy that does not exist.
        start.Environment["https_proxy"] = start.Environment["http_proxy"] = "http://127.0.0.1:9";
        start.Environment.Remove("no_proxy");
        start.Environment.Remove("NO_PROXY");
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        await Turns.WaitAsync();
        try
        {
            using var process = Process.Start(start)!;
            var complaints = process.StandardError.ReadToEndAsync();
            var output = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            return (output, (await complaints).Trim(), process.ExitCode != 0);
        }
        finally
        {
            Turns.Release();
        }
    }
}
