namespace Counter.Grains;

/// <summary>Does something once at a time. Whoever asks while it is under way waits for the next time, which everybody after them shares.</summary>
/// <param name="work">What is done.</param>
/// <remarks>Not safe for concurrent use: it belongs to one grain, whose calls take turns.</remarks>
internal sealed class SerialAction(Func<Task> work)
{
    private Task? current;
    private Task? next;

    /// <summary>Does it, from a moment after this call on.</summary>
    public Task RunAsync()
    {
        if (next is null && (current is null || current.IsCompleted))
        {
            return current = work();
        }

        return next ??= FollowAsync(current!);
    }

    private async Task FollowAsync(Task before)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        next = null;
        await (current = work());
    }
}
