namespace Counter.Attack.Attackers;

/// <summary>Attackers that keep connections open: after one request, or with a stream of events.</summary>
internal static class Descriptors
{
    public static async Task StayAsync(Target target, int number, Action<string> count, CancellationToken over)
    {
        await using var stream = await target.ConnectAsync(number, cancellationToken: over);
        await stream.AskAsync(target, "/health/live", over);
        await stream.ReadAnswersAsync(count, over);
    }

    public static async Task ListenAsync(Target target, int number, Action<string> count, CancellationToken over)
    {
        await using var stream = await target.ConnectAsync(number, cancellationToken: over);
        await stream.AskAsync(target, "/online/events?site=attack.example&page=/listen", over);
        await stream.ReadAnswersAsync(count, over);
    }
}
