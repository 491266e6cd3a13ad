using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;

namespace Counter.Gateway.Tests.HalfOpen;

/// <summary>The gateway as operators run it: a process with the real clock.</summary>
internal sealed partial class GatewayProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo data = Directory.CreateTempSubdirectory("counter-test-");
    private readonly List<Uri> addresses = [];
    private Process? process;

    /// <summary>Where it listens, in the order that was asked for.</summary>
    public IReadOnlyList<Uri> Addresses => addresses;

    /// <summary>Starts it on a free port of each address and waits until it listens.</summary>
    public static async Task<GatewayProcess> StartAsync(params IPAddress[] listen)
    {
        var gateway = new GatewayProcess();
        try
        {
            await gateway.LaunchAsync(listen).WaitAsync(Patience);
            return gateway;
        }
        catch
        {
            await gateway.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }

        data.Delete(recursive: true);
    }

    private async Task LaunchAsync(IPAddress[] listen)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet") { RedirectStandardOutput = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Counter.Gateway.dll"));
        start.ArgumentList.Add("--urls=" + string.Join(';', listen.Select(address => $"http://{address}:0")));
        start.ArgumentList.Add("--Data:Directory=" + data.FullName);
        process = Process.Start(start)!;
        while (addresses.Count < listen.Length)
        {
            var line = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The gateway did not start.");
            if (Announcement().Match(line) is { Success: true } found)
            {
                addresses.Add(new Uri(found.Groups[1].Value));
            }
        }

        // What else it says is read, lest the pipe fill. Ends with the process.
        _ = process.StandardOutput.ReadToEndAsync();
    }

    [GeneratedRegex("Open (http://[^ ]+) ")]
    private static partial Regex Announcement();
}
