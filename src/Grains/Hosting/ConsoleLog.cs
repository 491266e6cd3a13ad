using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Console;

namespace Counter.Grains.Hosting;

/// <summary>How the log is written to the console.</summary>
public static class ConsoleLog
{
    /// <summary>Writes times that programs read without the space that parts them from the text for people.</summary>
    public static void AddConsoleLog(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.PostConfigure<JsonConsoleFormatterOptions>(options => options.TimestampFormat = options.TimestampFormat?.TrimEnd());
    }
}
