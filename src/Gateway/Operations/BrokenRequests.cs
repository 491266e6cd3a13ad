using System.Diagnostics;

namespace Counter.Gateway.Operations;

/// <summary>Counts requests that are not valid HTTP, and connections that clients break. The log has one line a minute for all of them.</summary>
/// <remarks>
/// The server publishes an event for each (<c>IBadHttpRequestFeature</c>). Its own log messages are filtered out, because each has a stack
/// trace.
/// </remarks>
internal sealed partial class BrokenRequests(DiagnosticListener server, CounterMetrics metrics, TimeProvider clock, ILogger<BrokenRequests> log)
    : IHostedService, IObserver<KeyValuePair<string, object?>>, IDisposable
{
    /// <summary>The log category of the server's own messages.</summary>
    public const string ServersCategory = "Microsoft.AspNetCore.Server.Kestrel.BadRequests";

    private const string Event = "Microsoft.AspNetCore.Server.Kestrel.BadRequest";

    private static readonly TimeSpan BetweenLines = TimeSpan.FromMinutes(1);

    private readonly OncePerInterval line = new(BetweenLines, clock);
    private IDisposable? subscription;
    private long unlogged;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        // Only this event: others would cost an activity for each request.
        subscription = server.Subscribe(this, static name => name == Event);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void OnNext(KeyValuePair<string, object?> value) => Count();

    /// <summary>Counts one request or connection.</summary>
    public void Count()
    {
        metrics.RequestBroken();
        Interlocked.Increment(ref unlogged);
        if (line.TryEnter())
        {
            var count = Interlocked.Exchange(ref unlogged, 0);
            LogBroken(count);
        }
    }

    public void OnCompleted()
    {
        // The server has stopped.
    }

    public void OnError(Exception error)
    {
        // The server publishes no errors.
    }

    public void Dispose() => subscription?.Dispose();

    [LoggerMessage(Level = LogLevel.Information, Message = "Requests that are not valid HTTP were refused: {Count} since the last such line, if any (counter.requests.broken).")]
    private partial void LogBroken(long count);
}
