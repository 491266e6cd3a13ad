using System.Diagnostics;
using System.Globalization;

[assembly: Xunit.AssemblyFixture(typeof(Counter.Grains.Tests.Support.Server))]
[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]

namespace Counter.Grains.Tests.Support;

/// <summary>
/// A PostgreSQL server of the test run's own: its own directory, socket and free port on loopback, as an unprivileged user, since it refuses to run as
/// root. It goes when the run does; when the run is killed, the watching shell that started it stops it.
/// </summary>
public sealed class Server : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly SemaphoreSlim starting = new(1);
    private readonly int port = RunningSilo.FreePort();
    private DirectoryInfo? directory;
    private Process? process;
    private Task<string>? output;

    /// <summary>Why there is none; null when it runs.</summary>
    public string? Problem { get; private set; }

    /// <summary>How to connect to one of its databases.</summary>
    public string ConnectionString(string database) => string.Create(
        CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={port};Username=counter;Database={database}");

    /// <summary>Starts it, unless it runs.</summary>
    /// <returns>False when PostgreSQL is not installed; <see cref="Problem"/> says so.</returns>
    public async Task<bool> TryStartAsync()
    {
        await starting.WaitAsync();
        try
        {
            if (process is null && Problem is null)
            {
                await InitialiseAsync();
            }

            return Problem is null;
        }
        finally
        {
            starting.Release();
        }
    }

    /// <summary>Stops it at once, without writing anything down, and starts it again: what a crash does.</summary>
    public async Task CrashAsync(Func<Task>? meanwhile = null)
    {
        await EndAsync("-QUIT");
        if (meanwhile is not null)
        {
            await meanwhile();
        }

        await LaunchAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
        {
            await EndAsync("-INT");
        }

        directory?.Delete(recursive: true);
        starting.Dispose();
    }

    private static string? Programs() => Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").Where(d => File.Exists(Path.Combine(d, "bin/initdb")))
            .OrderByDescending(d => double.Parse(Path.GetFileName(d), CultureInfo.InvariantCulture)).Select(d => Path.Combine(d, "bin")).FirstOrDefault()
        : null;

    /// <summary>Runs a program as a user that is not root.</summary>
    private static Process Run(string program, params string[] arguments)
    {
        string[] command = Environment.UserName == "root"
            ? ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", program, .. arguments]
            : [program, .. arguments];
        return Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        })!;
    }

    private async Task InitialiseAsync()
    {
        if (Programs() is not { } programs)
        {
            Problem = "PostgreSQL is not installed (apt install postgresql).";
            return;
        }

        directory = Directory.CreateTempSubdirectory("counter-test-");
        File.SetUnixFileMode(directory.FullName, (UnixFileMode)0b111_111_111);
        using (var initdb = Run(Path.Combine(programs, "initdb"), "--pgdata=" + Data, "--username=counter", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"))
        {
            var errors = initdb.StandardError.ReadToEndAsync();
            await initdb.StandardOutput.ReadToEndAsync();
            await initdb.WaitForExitAsync();
            if (initdb.ExitCode != 0)
            {
                Problem = "PostgreSQL could not be set up: " + await errors;
                return;
            }
        }

        await LaunchAsync();
    }

    private string Data => Path.Combine(directory!.FullName, "data");

    private async Task LaunchAsync()
    {
        // The shell's input ends with the test run, however that ends, and then the server is to end too, and its files to go.
        process = Run(
            "/bin/sh", "-c", "exec 3<&0; \"$@\" 3<&- </dev/null & server=$!; { while read -r signal <&3; do kill $signal $server; exit; done; kill -INT $server; while kill -0 $server; do sleep 0.1; done; rm -rf \"$0/data\"; } 2>/dev/null & wait $server",
            directory!.FullName, Path.Combine(Programs()!, "postgres"), "-D", Data, "-p", port.ToString(CultureInfo.InvariantCulture), "-k", directory.FullName,
            "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off", "-c", "max_connections=300", "-c", "shared_buffers=64MB");
        output = process.StandardError.ReadToEndAsync();
        _ = process.StandardOutput.ReadToEndAsync();
        using var deadline = new CancellationTokenSource(Deadline);
        while (true)
        {
            try
            {
                await using var connection = new Npgsql.NpgsqlConnection(ConnectionString("postgres") + ";Pooling=false");
                await connection.OpenAsync(deadline.Token);
                return;
            }
            catch (Npgsql.NpgsqlException) when (!process.HasExited)
            {
                await Task.Delay(20, deadline.Token);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException(process.HasExited ? await output : "PostgreSQL did not start.", e);
            }
        }
    }

    private async Task EndAsync(string signal)
    {
        await process!.StandardInput.WriteLineAsync(signal);
        await process.StandardInput.FlushAsync();
        using var deadline = new CancellationTokenSource(Deadline);
        await process.WaitForExitAsync(deadline.Token);
        process.StandardInput.Close();
        process.Dispose();
        process = null;
    }
}
