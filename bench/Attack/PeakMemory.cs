using System.Diagnostics;
using System.Globalization;

namespace Counter.Attack;

/// <summary>The most memory that a process had, looked at five times a second.</summary>
internal sealed class PeakMemory(int? pid) : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly CancellationTokenSource over = new();
    private Task? looking;
    private long peak;

    /// <summary>Says what there was since it was asked last.</summary>
    public string Take()
    {
        looking ??= LookAsync();
        return pid is null
            ? "unknown without --pid"
            : string.Create(CultureInfo.InvariantCulture, $"{Math.Max(Interlocked.Exchange(ref peak, 0), Read()) / 1_000_000} MB");
    }

    public async ValueTask DisposeAsync()
    {
        await over.CancelAsync();
        await (looking ?? Task.CompletedTask);
        over.Dispose();
    }

    private async Task LookAsync()
    {
        while (!over.IsCancellationRequested)
        {
            peak = Math.Max(peak, Read());
            await Task.Delay(Interval, over.Token).ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }

    private long Read()
    {
        if (pid is null)
        {
            return 0;
        }

        using var process = Process.GetProcessById(pid.Value);
        return process.WorkingSet64;
    }
}
