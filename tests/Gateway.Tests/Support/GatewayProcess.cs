using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace Counter.Gateway.Tests.Support;

/// <summary>A gateway as operators run it: a process with the real clock.</summary>
internal sealed partial class GatewayProcess : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo data = Directory.CreateTempSubdirectory("counter-test-");
    private readonly List<Uri> addresses = [];
    private readonly ConcurrentQueue<string> output = [];
    private Process? process;

    /// <summary>The lines of its output so far.</summary>
    public IReadOnlyCollection<string> Output => output;

    /// <summary>The addresses that it listens on, in the requested order.</summary>
    public IReadOnlyList<Uri> Addresses => addresses;

    /// <summary>Starts the gateway on a free port of each address and waits until it listens.</summary>
    public static Task<GatewayProcess> StartAsync(params IPAddress[] listen) => StartAsync(listen, [], new Dictionary<string, string>());

    /// <summary>
    /// Starts the gateway with settings of the command line and variables of the environment, and optionally with a limit of its descriptors
    /// and from another folder than that of the tests.
    /// </summary>
    public static async Task<GatewayProcess> StartAsync(
        IReadOnlyList<IPAddress> listen, IEnumerable<string> settings, IReadOnlyDictionary<string, string> environment, int? descriptors = null,
        string? folder = null)
    {
        var gateway = new GatewayProcess();
        try
        {
            await gateway.LaunchAsync(listen, settings, environment, descriptors, folder).WaitAsync(Deadline);
            return gateway;
        }
        catch
        {
            await gateway.DisposeAsync();
            throw;
        }
    }

    /// <summary>The process id.</summary>
    public int Id => process!.Id;

    /// <summary>Kills the process, like the failure of its machine.</summary>
    public void Kill() => process!.Kill();

    /// <summary>Sends the process a signal, such as <c>STOP</c>.</summary>
    public Task SignalAsync(string signal) => Command.RunAsync("kill", string.Create(CultureInfo.InvariantCulture, $"-{signal} {process!.Id}"));

    /// <summary>Waits until the process has ended.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> ExitAsync()
    {
        await process!.WaitForExitAsync().WaitAsync(Deadline);
        return process.ExitCode;
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

    /// <summary>The start information of the .NET runtime.</summary>
    /// <param name="descriptors">The most open files and sockets; null for the limit of this process.</param>
    public static ProcessStartInfo Runtime(int? descriptors = null)
    {
        var dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        return descriptors is null
            ? new ProcessStartInfo(dotnet)
            : new ProcessStartInfo("sh", ["-c", string.Create(CultureInfo.InvariantCulture, $"ulimit -n {descriptors}; exec \"$0\" \"$@\""), dotnet]);
    }

    private async Task LaunchAsync(
        IReadOnlyList<IPAddress> listen, IEnumerable<string> settings, IReadOnlyDictionary<string, string> environment, int? descriptors, string? folder)
    {
        // One file contains the runtime.
        var file = Path.Combine(folder ?? AppContext.BaseDirectory, "counter");
        var isFile = File.Exists(file);
        var start = isFile ? new ProcessStartInfo(file) : Runtime(descriptors);
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        if (!isFile)
        {
            start.ArgumentList.Add(Path.Combine(folder ?? AppContext.BaseDirectory, "Counter.Gateway.dll"));
        }

        start.ArgumentList.Add("--urls=" + string.Join(';', listen.Select(address => $"http://{address}:0")));
        start.ArgumentList.Add("--Data:Directory=" + data.FullName);
        foreach (var setting in settings)
        {
            start.ArgumentList.Add(setting);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        process = Process.Start(start)!;

        // The read ends with the process.
        var errors = ReadAsync(process.StandardError);
        while (addresses.Count < listen.Count)
        {
            if (await process.StandardOutput.ReadLineAsync() is not { } line)
            {
                await errors;
                throw new InvalidOperationException("The gateway did not start: " + string.Join('\n', output));
            }

            output.Enqueue(line);
            if (Announcement().Match(line) is { Success: true } found)
            {
                addresses.Add(new Uri(found.Groups[1].Value));
            }
        }

        _ = ReadAsync(process.StandardOutput);
    }

    private async Task ReadAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            output.Enqueue(line);
        }
    }

    [GeneratedRegex("Open (https?://[^ ]+) ")]
    private static partial Regex Announcement();
}
