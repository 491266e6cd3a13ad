using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Counter.Gateway.Tests.Support;

/// <summary>Records all log lines as an operator reads them.</summary>
public sealed class LogRecorder : ILoggerProvider
{
    private readonly ConcurrentQueue<(LogLevel Level, string Text)> lines = [];

    public IReadOnlyCollection<(LogLevel Level, string Text)> Lines => lines;

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose()
    {
        // Tests read the records afterwards.
    }

    private sealed class Logger(LogRecorder recorder, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            // Recorded too, because formatters print scopes with each line.
            recorder.lines.Enqueue((LogLevel.None, $"{category} scope {Spell(state)}"));
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            recorder.lines.Enqueue((logLevel, $"{category}: {formatter(state, exception)} {Spell(state)} {exception}"));

        private static string? Spell(object? state) =>
            state is IEnumerable<KeyValuePair<string, object?>> values ? string.Join(' ', values) : state?.ToString();
    }
}
