using Xunit;

namespace Counter.Gateway.Tests.Support;

/// <summary>Polling with a deadline, for what crosses a socket.</summary>
public static class Wait
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Waits until something is as it should be.</summary>
    public static Task UntilAsync(Func<bool> condition, string what) => UntilAsync(() => Task.FromResult(condition()), what);

    /// <summary>Waits until something is as it should be.</summary>
    public static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        using var deadline = new CancellationTokenSource(Patience);
        using var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!await condition())
        {
            Assert.False(deadline.IsCancellationRequested, "Waited too long for: " + what);
            await beat.WaitForNextTickAsync();
        }
    }

    /// <summary>Never ends by itself.</summary>
    /// <exception cref="OperationCanceledException">It was given up.</exception>
    public static Task ForeverAsync(CancellationToken cancellationToken) => new TaskCompletionSource().Task.WaitAsync(cancellationToken);
}
