namespace Counter.Grains;

/// <summary>Runs an action one at a time. Callers that come during a run share the next run.</summary>
/// <param name="work">The action.</param>
/// <remarks>Not safe for concurrent use: it belongs to one grain, which runs one turn at a time.</remarks>
internal sealed class SerialAction(Func<Task> work)
{
    private Task? current;
    private Task? next;

    /// <summary>Returns a run that starts at or after this call.</summary>
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
