using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Counter.Gateway.Tests.Support;
using Xunit;

namespace Counter.Gateway.Tests.Operations;

/// <summary>What is wrong at the start is one line for a person, and exit code 1.</summary>
public sealed class StartUpTests : IDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("counter-test-");

    public void Dispose() => directory.Delete(recursive: true);

    [Fact]
    public async Task A_wrong_setting() =>
        Assert.Equal("counter: Limits:Streams is '0'; allowed is a whole number from 1 to 10000000.", await FailAsync("--Limits:Streams=0"));

    [Fact]
    public async Task A_data_directory_that_cannot_be_written()
    {
        var file = Path.Combine(directory.FullName, "file");
        await File.WriteAllTextAsync(file, "", TestContext.Current.CancellationToken);
        Assert.StartsWith(
            $"counter: The data directory {file}/data cannot be written: let this process write it, or set Data:Directory to one that it may.",
            await FailAsync($"--Data:Directory={file}/data"),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_data_directory_that_another_process_uses()
    {
        await using var first = await RunningGateway.StartAsync("--Data:Directory=" + directory.FullName);
        Assert.StartsWith(
            $"counter: The data directory {directory.FullName} is in use by another process",
            await FailAsync("--Data:Directory=" + directory.FullName),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_is_taken()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        Assert.Contains(
            "address already in use", await FailAsync($"--urls=http://{taken.LocalEndpoint}", "--Data:Directory=" + directory.FullName), StringComparison.Ordinal);
    }

    /// <summary>Starts a gateway that cannot start, and returns what it says: one line.</summary>
    private static async Task<string> FailAsync(params string[] settings)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, "Counter.Gateway.dll"), "--urls=http://127.0.0.1:0", .. settings])
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await output;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1, process.ExitCode);
        return Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
