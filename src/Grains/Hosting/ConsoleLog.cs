using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Console;

namespace Counter.Grains.Hosting;

/// <summary>The format of the console log.</summary>
public static class ConsoleLog
{
    /// <summary>Removes the space after the timestamp in JSON lines. The plain format needs it as a separator.</summary>
    public static void AddConsoleLog(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.PostConfigure<JsonConsoleFormatterOptions>(options => options.TimestampFormat = options.TimestampFormat?.TrimEnd());
    }
}
