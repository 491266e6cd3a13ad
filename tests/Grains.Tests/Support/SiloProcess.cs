using System.Diagnostics;
using System.Globalization;
using Counter.Gateway.Tests.Support;
using Counter.Grains.Hosting;

namespace Counter.Grains.Tests.Support;

/// <summary>A silo as operators run it: a process of its own.</summary>
internal sealed class SiloProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process process;

    private SiloProcess(Process process) => this.process = process;

    /// <summary>Starts it and waits until it is one of the silos.</summary>
    public static async Task<SiloProcess> StartAsync(OrleansSettings settings)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet") { RedirectStandardOutput = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Counter.Silo.dll"));
        start.ArgumentList.Add("--urls=http://127.0.0.1:0");
        start.ArgumentList.Add("--Logging:LogLevel:Default=Warning");
        start.ArgumentList.Add("--Orleans:Store=" + settings.Store);
        start.ArgumentList.Add("--Orleans:ConnectionString=" + settings.ConnectionString);
        start.ArgumentList.Add("--Orleans:ClusterId=" + settings.ClusterId);
        start.ArgumentList.Add("--Orleans:Address=" + settings.Address);
        start.ArgumentList.Add(string.Create(CultureInfo.InvariantCulture, $"--Orleans:SiloPort={settings.SiloPort}"));
        start.ArgumentList.Add(string.Create(CultureInfo.InvariantCulture, $"--Orleans:GatewayPort={settings.GatewayPort}"));

        // As many processes share the machine as a test starts.
        start.Environment["DOTNET_gcServer"] = "0";
        var silo = new SiloProcess(Process.Start(start)!);
        try
        {
            await silo.RunningAsync().WaitAsync(Patience);
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

    /// <summary>Stops it properly, and waits until it has ended.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> StopAsync()
    {
        await Command.RunAsync("kill", string.Create(CultureInfo.InvariantCulture, $"-TERM {process.Id}"));
        await process.WaitForExitAsync().WaitAsync(Patience);
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private async Task RunningAsync()
    {
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.Contains("is running on ports", StringComparison.Ordinal))
            {
                // What else it says is read, lest the pipe fill. Ends with the process.
                _ = process.StandardOutput.ReadToEndAsync();
                return;
            }
        }

        throw new InvalidOperationException("The silo did not start.");
    }
}
