using System.Diagnostics;
using System.Text.RegularExpressions;
using Xunit;

[assembly: AssemblyFixture(typeof(Counter.Grains.Tests.Support.Azurite))]

namespace Counter.Grains.Tests.Support;

/// <summary>Microsoft's emulator of Azure Storage, of the test run's own, on free ports of loopback. It goes when the run does, however that ends.</summary>
public sealed partial class Azurite : IAsyncDisposable
{
    // Emulators know one account and one key, which are public.
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly SemaphoreSlim starting = new(1);
    private DirectoryInfo? directory;
    private Process? process;

    /// <summary>Why there is none; null when it runs.</summary>
    public string? Problem { get; private set; }

    /// <summary>How to connect to it.</summary>
    public string ConnectionString { get; private set; } = "";

    /// <summary>Starts it, unless it runs.</summary>
    public async Task StartAsync()
    {
        await starting.WaitAsync();
        try
        {
            if (process is null && Problem is null)
            {
                await LaunchAsync();
            }
        }
        finally
        {
            starting.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
        {
            process.StandardInput.Close();
            await process.WaitForExitAsync().WaitAsync(Deadline);
            process.Dispose();
        }

        directory?.Delete(recursive: true);
        starting.Dispose();
    }

    private async Task LaunchAsync()
    {
        if (Program() is not { } program)
        {
            Problem = "Azurite is not installed (npm --prefix tests/Azurite ci).";
            return;
        }

        directory = Directory.CreateTempSubdirectory("counter-test-");

        // The shell's input ends with the test run, and then the emulator is to end too.
        process = Process.Start(new ProcessStartInfo("/bin/sh",
        [
            "-c", "exec 3<&0; \"$@\" 3<&- </dev/null & server=$!; { read -r _ <&3; kill $server; } 2>/dev/null & wait $server", "azurite",
            "node", program, "--location", directory.FullName, "--blobPort", "0", "--queuePort", "0", "--tablePort", "0",
            "--skipApiVersionCheck", "--disableTelemetry",
        ])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        var ports = new Dictionary<string, string>();
        using var deadline = new CancellationTokenSource(Deadline);
        while (ports.Count < 3)
        {
            var line = await process.StandardOutput.ReadLineAsync(deadline.Token) ?? throw new InvalidOperationException("Azurite ended before it listened.");
            if (Listening().Match(line) is { Success: true } match)
            {
                ports[match.Groups[1].Value] = match.Groups[2].Value;
            }
        }

        // What else it says is read, lest the pipe fill. Ends with the process.
        _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        ConnectionString = $"DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey={Key};"
            + $"BlobEndpoint={ports["Blob"]}/devstoreaccount1;TableEndpoint={ports["Table"]}/devstoreaccount1;";
    }

    private static string? Program()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            var program = Path.Combine(at.FullName, "tests/Azurite/node_modules/azurite/dist/src/azurite.js");
            if (File.Exists(program))
            {
                return program;
            }
        }

        return null;
    }

    [GeneratedRegex("Azurite (\\w+) service is successfully listening at (\\S+)")]
    private static partial Regex Listening();
}
