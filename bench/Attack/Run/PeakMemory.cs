using System.Diagnostics;

namespace Counter.Attack.Run;

/// <summary>The memory of a process in millions of bytes, sampled five times a second.</summary>
internal sealed class PeakMemory : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly CancellationTokenSource over = new();
    private readonly int pid;
    private readonly Task sampling;
    private long peak;

    public PeakMemory(int pid)
    {
        this.pid = pid;
        sampling = SampleAsync();
    }

    /// <summary>The current memory; 0 when the process has ended.</summary>
    public long Now
    {
        get
        {
            try
            {
                using var process = Process.GetProcessById(pid);
                return process.WorkingSet64 / 1_000_000;
            }
            catch (Exception e) when (e is ArgumentException or InvalidOperationException)
            {
                return 0;
            }
        }
    }

    /// <summary>The maximum since the start or the last reset.</summary>
    public long Peak => Interlocked.Read(ref peak);

    /// <summary>Resets the maximum.</summary>
    public void Forget() => Interlocked.Exchange(ref peak, 0);

    public async ValueTask DisposeAsync()
    {
        await over.CancelAsync();
        await sampling;
        over.Dispose();
    }

    private async Task SampleAsync()
    {
        while (!over.IsCancellationRequested)
        {
            Interlocked.Exchange(ref peak, Math.Max(Peak, Now));
            await Task.Delay(Interval, over.Token).ContinueWith(static _ => { }, TaskScheduler.Default);
        }
    }
}
