using Microsoft.Extensions.Configuration.CommandLine;

namespace Counter.Gateway.Operations;

/// <summary>Warns of secrets on the command line. The process list shows them to everybody on the machine.</summary>
internal static partial class CommandLineSecrets
{
    private static readonly string[] Secrets =
        ["Admin:Key", "Identity:Secret", "Cluster:ConnectionString", "ConnectionStrings:Counter"];

    /// <summary>Logs a warning for each secret.</summary>
    public static void Warn(IConfigurationRoot configuration, ILogger log)
    {
        var commandLine = configuration.Providers.OfType<CommandLineConfigurationProvider>().ToList();
        foreach (var secret in Secrets.Where(name => commandLine.Any(given => given.TryGet(name, out var value) && !string.IsNullOrEmpty(value))))
        {
            LogVisible(
                log, secret, secret.Replace(":", "__", StringComparison.Ordinal), secret == "Admin:Key" ? ", or name a file that has it in Admin:KeyFile" : "");
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Setting} is on the command line, which everybody on this machine can read (ps). Set the environment variable {Variable} instead{OrFile}.")]
    private static partial void LogVisible(ILogger log, string setting, string variable, string orFile);
}
