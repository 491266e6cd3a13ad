using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Counter.Streams;

/// <summary>A server that runs on processors of its own until it is disposed.</summary>
internal sealed class ServerProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process process;
    private readonly string? leaves;

    private ServerProcess(Process process, int port, string? leaves)
    {
        this.process = process;
        this.leaves = leaves;
        Address = new IPEndPoint(IPAddress.Loopback, port);
    }

    /// <summary>The address that it listens on.</summary>
    public IPEndPoint Address { get; }

    /// <summary>The server that this one is in front of. It is measured and disposed with it.</summary>
    public ServerProcess? Behind { get; set; }

    /// <summary>The CPU time so far, user and system, in seconds.</summary>
    public double CpuSeconds
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime.TotalSeconds + (Behind?.CpuSeconds ?? 0);
        }
    }

    /// <summary>The resident memory in bytes.</summary>
    public long ResidentBytes
    {
        get
        {
            process.Refresh();
            return process.WorkingSet64 + (Behind?.ResidentBytes ?? 0);
        }
    }

    /// <summary>A free port.</summary>
    public static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    /// <summary>Starts a program and waits until it listens.</summary>
    /// <param name="port">The port that it listens on.</param>
    /// <param name="program">The file of the program.</param>
    /// <param name="arguments">The arguments of the program.</param>
    /// <param name="settings">The environment variables of the program.</param>
    /// <param name="leaves">A folder to delete afterwards.</param>
    /// <param name="processors">The processors that it runs on, as taskset takes them.</param>
    /// <exception cref="InvalidOperationException">The program ended, or does not listen.</exception>
    public static ServerProcess Start(
        int port, string program, string[] arguments, (string Name, string Value)[] settings, string? leaves, string processors = "0")
    {
        var start = new ProcessStartInfo("taskset", ["-c", processors, program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        // taskset replaces itself with the program, which therefore has the same process id.
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, line) => Console.Error.Write(line.Data is null ? "" : $"{program}: {line.Data}\n");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var server = new ServerProcess(process, port, leaves);
        for (var waiting = Stopwatch.StartNew(); !server.Listens();)
        {
            if (process.HasExited || waiting.Elapsed > Patience)
            {
                server.Dispose();
                throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"{program} does not listen on port {port}."));
            }

            Thread.Sleep(5);
        }

        return server;
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill();
        }

        process.WaitForExit();
        process.Dispose();
        Behind?.Dispose();
        if (leaves is not null)
        {
            Directory.Delete(leaves, recursive: true);
        }
    }

    private bool Listens()
    {
        using var probe = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            probe.Connect(Address);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
