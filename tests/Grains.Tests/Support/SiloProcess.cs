using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Counter.Gateway.Tests.Support;
using Counter.Grains.Hosting;

namespace Counter.Grains.Tests.Support;

/// <summary>A silo as operators run it: a process of its own.</summary>
internal sealed class SiloProcess : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(120);

    private readonly Process process;
    private readonly ConcurrentQueue<string> output = [];

    private SiloProcess(Process process, int port) => (this.process, Port) = (process, port);

    /// <summary>Its port for the other silos.</summary>
    public int Port { get; }

    /// <summary>Which process it is.</summary>
    public int Id => process.Id;

    /// <summary>What it has written so far.</summary>
    public IReadOnlyCollection<string> Output => output;

    /// <summary>Starts it and waits until it is one of the silos.</summary>
    /// <param name="settings">Its settings.</param>
    /// <param name="environment">What it has in its environment.</param>
    /// <param name="folder">Where the program is; null for the one that was built with the tests.</param>
    public static async Task<SiloProcess> StartAsync(
        ClusterSettings settings, IReadOnlyDictionary<string, string>? environment = null, string? folder = null)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(folder ?? AppContext.BaseDirectory, "Counter.Silo.dll"));
        start.ArgumentList.Add("--urls=http://127.0.0.1:0");
        start.ArgumentList.Add("--Cluster:Store=" + settings.Store);
        start.ArgumentList.Add("--Cluster:ConnectionString=" + settings.ConnectionString);
        start.ArgumentList.Add("--Cluster:ClusterId=" + settings.ClusterId);
        start.ArgumentList.Add("--Cluster:SiloAddress=" + settings.SiloAddress);
        start.ArgumentList.Add(string.Create(CultureInfo.InvariantCulture, $"--Cluster:SiloPort={settings.SiloPort}"));
        start.ArgumentList.Add(string.Create(CultureInfo.InvariantCulture, $"--Cluster:GatewayPort={settings.GatewayPort}"));

        // As many processes share the machine as a test starts.
        start.Environment["DOTNET_gcServer"] = "0";
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        var silo = new SiloProcess(Process.Start(start)!, settings.SiloPort);
        try
        {
            await silo.RunningAsync().WaitAsync(Deadline);
            return silo;
        }
        catch
        {
            await silo.DisposeAsync();
            throw;
        }
    }

    /// <summary>Kills it, as when its machine dies.</summary>
    public void Kill() => process.Kill();

    /// <summary>Sends it a signal, such as <c>STOP</c>.</summary>
    public Task SignalAsync(string signal) => Command.RunAsync("kill", string.Create(CultureInfo.InvariantCulture, $"-{signal} {process.Id}"));

    /// <summary>Waits until it has ended.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> ExitAsync()
    {
        await process.WaitForExitAsync().WaitAsync(Deadline);
        return process.ExitCode;
    }

    /// <summary>Stops it properly, and waits until it has ended.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> StopAsync()
    {
        await SignalAsync("TERM");
        return await ExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private async Task RunningAsync()
    {
        // Ends with the process.
        _ = ReadAsync(process.StandardError);
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            output.Enqueue(line);
            if (line.Contains("is running on ports", StringComparison.Ordinal))
            {
                _ = ReadAsync(process.StandardOutput);
                return;
            }
        }

        throw new InvalidOperationException("The silo did not start: " + string.Join('\n', output));
    }

    private async Task ReadAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            output.Enqueue(line);
        }
    }
}
