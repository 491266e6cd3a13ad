using System.Text.Json;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace Counter.Gateway.Operations;

/// <summary>
/// Writes what a person at the terminal is to read. They are no log lines, which an installation may not show; where the log is JSON, so that a
/// program reads the output, they are too.
/// </summary>
internal sealed class OperatorConsole(IOptions<ConsoleLoggerOptions> console, TimeProvider clock)
{
    /// <summary>Writes a line.</summary>
    public void Write(string note) => Console.WriteLine(
        console.Value.FormatterName == ConsoleFormatterNames.Json
            ? JsonSerializer.Serialize(new { Timestamp = clock.GetUtcNow().UtcDateTime, LogLevel = "Information", Category = "Counter", Message = note })
            : note);
}
