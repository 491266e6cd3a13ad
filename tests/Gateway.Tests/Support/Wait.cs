using Xunit;

namespace Counter.Gateway.Tests.Support;

/// <summary>Polls with a deadline, for effects that cross a socket.</summary>
public static class Wait
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    /// <summary>Waits until a condition is true.</summary>
    public static Task UntilAsync(Func<bool> condition, string what) => UntilAsync(() => Task.FromResult(condition()), what);

    /// <summary>Waits until a condition is true.</summary>
    public static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        using var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!await condition())
        {
            Assert.False(deadline.IsCancellationRequested, "Waited too long for: " + what);
            await beat.WaitForNextTickAsync();
        }
    }

    /// <summary>Waits until it is cancelled.</summary>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public static Task ForeverAsync(CancellationToken cancellationToken) => new TaskCompletionSource().Task.WaitAsync(cancellationToken);
}
