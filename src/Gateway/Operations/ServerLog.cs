using Microsoft.Extensions.Logging.Abstractions;

namespace Counter.Gateway.Operations;

/// <summary>Receives the server's own log. Counts messages that clients cause as broken requests, and forwards the others.</summary>
/// <remarks>One category has both kinds of messages, and filters distinguish only categories and levels.</remarks>
internal sealed class ServerLog(IServiceProvider services) : ILoggerProvider
{
    public const string Category = "Microsoft.AspNetCore.Server.Kestrel";

    // A connection that was cut, and released before its last write completed.
    private const int ApplicationNeverCompleted = 23;

    public ILogger CreateLogger(string categoryName) => categoryName == Category ? new Logger(services) : NullLogger.Instance;

    public void Dispose()
    {
        // There is nothing to dispose.
    }

    private sealed class Logger(IServiceProvider services) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            // A warning with an exception is a connection that "ended abnormally": its client was too slow, or left.
            if (eventId.Id == ApplicationNeverCompleted || logLevel == LogLevel.Warning && exception is not null)
            {
                services.GetRequiredService<BrokenRequests>().Count();
            }
            else
            {
                services.GetRequiredService<ILogger<ServerLog>>().Log(logLevel, eventId, state, exception, formatter);
            }
        }
    }
}
