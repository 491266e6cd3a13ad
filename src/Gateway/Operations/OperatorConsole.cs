using System.Text.Json;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace Counter.Gateway.Operations;

/// <summary>
/// Writes notes for a person at the terminal. They are no log lines, which an installation may hide. Where the log is JSON, a program reads the
/// output, so the notes are JSON too.
/// </summary>
internal sealed class OperatorConsole(IOptions<ConsoleLoggerOptions> console, TimeProvider clock)
{
    public void Write(string note) => Console.WriteLine(
        console.Value.FormatterName == ConsoleFormatterNames.Json
            ? JsonSerializer.Serialize(new { Timestamp = clock.GetUtcNow().UtcDateTime, LogLevel = "Information", Category = "Counter", Message = note })
            : note);
}
