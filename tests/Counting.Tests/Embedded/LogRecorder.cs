using System.Collections.Concurrent;
using Counter.Counting.Embedded;
using Microsoft.Extensions.Logging;

namespace Counter.Counting.Tests.Embedded;

/// <summary>Remembers what was logged at the levels that an operator sees.</summary>
internal sealed class LogRecorder : ILogger<EmbeddedCluster>
{
    private readonly ConcurrentQueue<(LogLevel Level, string Text)> entries = [];

    public IEnumerable<string> At(LogLevel level) => entries.Where(e => e.Level == level).Select(e => e.Text);

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        entries.Enqueue((logLevel, formatter(state, exception)));
}
