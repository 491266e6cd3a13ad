using Counter.Grains.Hosting;
using Microsoft.Extensions.Configuration.CommandLine;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.Logging.Console;

namespace Counter.Gateway.Operations;

/// <summary>Rejects unknown settings: a misspelt limit would have no effect. Each section checks its own settings.</summary>
internal static class SettingsCheck
{
    // Settings of the framework.
    private static readonly string[] Others =
    [
        "Urls", "http_ports", "https_ports", "preferHostingUrls", "Kestrel", "Logging", "AllowedHosts", "ConnectionStrings", "environment", "contentRoot",
        "applicationName", "webroot", "hostBuilder", "shutdownTimeoutSeconds",
    ];

    /// <summary>Rejects arguments that are no settings.</summary>
    /// <exception cref="SettingException">An argument is no setting.</exception>
    public static void CheckArguments(IReadOnlyList<string> args)
    {
        for (var i = 0; i < args.Count; i++)
        {
            var isSwitch = args[i].StartsWith("--", StringComparison.Ordinal) || args[i].StartsWith('/');
            if (args[i].Contains('=', StringComparison.Ordinal))
            {
                continue;
            }

            if (!isSwitch)
            {
                throw new SettingException($"'{args[i]}' is not understood. Write a setting as --Section:Name=value; see --help.");
            }

            if (++i >= args.Count)
            {
                throw new SettingException($"{args[^1]} has no value. Write a setting as --Section:Name=value; see --help.");
            }
        }
    }

    /// <summary>Rejects unknown sections, unknown log levels, and addresses that cannot be listened on.</summary>
    /// <exception cref="SettingException">A setting is not allowed.</exception>
    public static void Check(IConfigurationRoot configuration, IServiceCollection services)
    {
        var sections = services.Select(service => service.ImplementationInstance).OfType<SettingsSectionName>().ToList();
        var known = sections.ConvertAll(section => section.Name);
        foreach (var provider in configuration.Providers)
        {
            foreach (var name in provider.GetChildKeys([], null).Distinct(StringComparer.OrdinalIgnoreCase))
            {
                var isOurs = known.Contains(name, StringComparer.OrdinalIgnoreCase);
                if (!isOurs && (provider is CommandLineConfigurationProvider or JsonConfigurationProvider
                    ? !Others.Contains(name, StringComparer.OrdinalIgnoreCase) && !name.StartsWith("OTEL_", StringComparison.OrdinalIgnoreCase)
                    : provider is EnvironmentVariablesConfigurationProvider && sections.Exists(own => IsMeant(own, name, provider))))
                {
                    throw new SettingException($"{name} is not a section of settings; the sections are: {string.Join(", ", known.Order())}, Kestrel, Logging and Urls.");
                }
            }
        }

        CheckLog(configuration.GetSection("Logging"));
        foreach (var url in (configuration["urls"] ?? "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            CheckUrl(url);
        }
    }

    private static void CheckLog(IConfigurationSection logging)
    {
        var levels = logging.GetChildren().SelectMany(child => child.Key.Equals("LogLevel", StringComparison.OrdinalIgnoreCase)
            ? child.GetChildren()
            : child.GetSection("LogLevel").GetChildren());
        foreach (var level in levels.Where(level => !Enum.TryParse<LogLevel>(level.Value, ignoreCase: true, out var found) || !Enum.IsDefined(found)))
        {
            throw new SettingException($"{level.Path} is '{level.Value}'; allowed is {string.Join(" or ", Enum.GetNames<LogLevel>())}.");
        }

        string[] formatters = [ConsoleFormatterNames.Simple, ConsoleFormatterNames.Json, ConsoleFormatterNames.Systemd];
        if (logging["Console:FormatterName"] is { } formatter && !formatters.Contains(formatter, StringComparer.OrdinalIgnoreCase))
        {
            throw new SettingException($"Logging:Console:FormatterName is '{formatter}'; allowed is {string.Join(" or ", formatters)}.");
        }
    }

    private static void CheckUrl(string url)
    {
        var isUnix = url.StartsWith("http://unix:", StringComparison.OrdinalIgnoreCase) || url.StartsWith("https://unix:", StringComparison.OrdinalIgnoreCase);
        if (!isUnix && !ListenAddress.TryParse(url, out _))
        {
            throw new SettingException($"Urls has '{url}'; allowed are addresses such as http://*:9192 or https://localhost:443, separated by semicolons.");
        }
    }

    /// <summary>
    /// Whether an environment variable belongs to a section with a misspelt name. The environment also has variables of other programs.
    /// </summary>
    private static bool IsMeant(SettingsSectionName section, string name, IConfigurationProvider variables) =>
        IsNear(section.Name, name) && variables.GetChildKeys([], name).Any(setting => section.Settings.Contains(setting, StringComparer.OrdinalIgnoreCase));

    /// <summary>Whether two names differ in at most two letters.</summary>
    private static bool IsNear(string one, string other)
    {
        if (Math.Abs(one.Length - other.Length) > 2)
        {
            return false;
        }

        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 1; i <= one.Length; i++)
        {
            var diagonal = row[0]++;
            for (var j = 1; j <= other.Length; j++)
            {
                var cost = char.ToUpperInvariant(one[i - 1]) == char.ToUpperInvariant(other[j - 1]) ? 0 : 1;
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + cost));
            }
        }

        return row[^1] <= 2;
    }
}
