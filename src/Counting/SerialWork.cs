namespace Counter.Counting;

/// <summary>Does something once at a time, for whoever requests it: requests that come meanwhile are one run more. Safe for concurrent use.</summary>
/// <param name="work">What to do. It must not throw.</param>
public sealed class SerialWork(Func<Task> work)
{
    private int requested;

    /// <summary>Asks for a run that begins after this call, or now.</summary>
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
