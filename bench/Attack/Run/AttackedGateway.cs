using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Counter.Gateway.Tests.Support;

namespace Counter.Attack.Run;

/// <summary>A gateway in its own process, which is killed on disposal.</summary>
internal sealed partial class AttackedGateway : IAsyncDisposable
{
    private const int LastLines = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Certificate certificate = new();
    private readonly DirectoryInfo data = Directory.CreateTempSubdirectory("counter-attack-");
    private readonly List<Uri> addresses = [];
    private readonly Queue<string> lines = new();
    private readonly Dictionary<string, int> kinds = [];
    private Process? process;

    /// <summary>The address for HTTP/1.1 without TLS.</summary>
    public Uri Plain => addresses.First(address => address.Scheme == Uri.UriSchemeHttp);

    /// <summary>The address for HTTP/1.1 and HTTP/2 over TLS.</summary>
    public Uri Secure => addresses.First(address => address.Scheme == Uri.UriSchemeHttps);

    public int ProcessId => process!.Id;

    /// <summary>The lines of its log since it listens. Lines that differ only in numbers are grouped.</summary>
    public IEnumerable<(int Count, string Line)> Log
    {
        get
        {
            lock (lines)
            {
                return [.. kinds.OrderByDescending(kind => kind.Value).Select(kind => (kind.Value, kind.Key))];
            }
        }
    }

    /// <summary>The exit code and last lines of its output; null while it runs.</summary>
    public string? Ending
    {
        get
        {
            lock (lines)
            {
                return process!.HasExited ? string.Create(CultureInfo.InvariantCulture, $"exit code {process.ExitCode}: {string.Join(" | ", lines)}") : null;
            }
        }
    }

    /// <summary>Starts a gateway and waits until it listens.</summary>
    /// <param name="program">The file of the program; dotnet runs it if it is a DLL.</param>
    /// <param name="files">The limit of its file descriptors.</param>
    /// <param name="settings">Further settings.</param>
    public static async Task<AttackedGateway> StartAsync(string program, int files, IEnumerable<string> settings)
    {
        var gateway = new AttackedGateway();
        try
        {
            await gateway.LaunchAsync(program, files, settings).WaitAsync(Patience);
            return gateway;
        }
        catch
        {
            await gateway.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits for a time, or until the gateway has ended.</summary>
    public async Task WaitAsync(TimeSpan time, CancellationToken cancellationToken)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        enough.CancelAfter(time);
        try
        {
            await process!.WaitForExitAsync(enough.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The gateway still runs.
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
        certificate.Dispose();
    }

    private async Task LaunchAsync(string program, int files, IEnumerable<string> settings)
    {
        // The shell replaces itself with the gateway, which therefore has the same process id.
        string[] command = Path.GetExtension(program) == ".dll" ? ["dotnet", program] : [program];
        string[] shell = ["-c", "ulimit -n \"$0\" && exec \"$@\"", files.ToString(CultureInfo.InvariantCulture)];
        string[] needed = ["--Kestrel:Endpoints:Http:Url=http://127.0.0.1:0", .. certificate.Settings, "--Data:Directory=" + data.FullName, "--Limits:ExemptPrivateAddresses=false"];
        process = Process.Start(new ProcessStartInfo("sh", [.. shell, .. command, .. needed, .. settings])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var listening = new TaskCompletionSource();
        process.OutputDataReceived += (_, line) => Read(line.Data, listening);
        process.ErrorDataReceived += (_, line) => Read(line.Data, listening);
        process.Exited += (_, _) => listening.TrySetException(new InvalidOperationException("The gateway did not start. " + Ending));
        process.EnableRaisingEvents = true;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await listening.Task;
        lock (lines)
        {
            kinds.Clear();
        }
    }

    private void Read(string? line, TaskCompletionSource listening)
    {
        if (line is null)
        {
            return;
        }

        lock (lines)
        {
            lines.Enqueue(line);
            var kind = Number().Replace(line, "#");
            kinds[kind] = kinds.GetValueOrDefault(kind) + 1;
            if (lines.Count > LastLines)
            {
                lines.Dequeue();
            }
        }

        if (addresses.Count < 2 && Announcement().Match(line) is { Success: true } found)
        {
            addresses.Add(new Uri(found.Groups[1].Value));
            if (addresses.Count == 2)
            {
                listening.TrySetResult();
            }
        }
    }

    [GeneratedRegex("Open (https?://[^ ]+) ")]
    private static partial Regex Announcement();

    [GeneratedRegex("\"[0-9A-Z]{8,}(:[0-9A-F]+)?\"|[0-9]+")]
    private static partial Regex Number();
}
