namespace Counter.Counting;

/// <summary>Runs work on request, one run at a time. Requests during a run are merged into one more run. Safe for concurrent use.</summary>
/// <param name="work">The work. It must not throw.</param>
public sealed class SerialWork(Func<Task> work)
{
    private int requested;

    /// <summary>Requests a run that begins now or after the one under way.</summary>
    public void Request()
    {
        if (Interlocked.Increment(ref requested) == 1)
        {
            _ = RunAsync();
        }
    }

    private async Task RunAsync()
    {
        int served;
        do
        {
            served = Volatile.Read(ref requested);
            await work();
        }
        while (Interlocked.CompareExchange(ref requested, 0, served) != served);
    }
}
