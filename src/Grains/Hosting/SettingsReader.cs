using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Counter.Grains.Hosting;

/// <summary>A setting has an invalid value. The message is one line for the operator with the allowed values.</summary>
internal sealed class SettingException(string message) : Exception(message);

/// <summary>A configuration section of this program.</summary>
internal sealed record SettingsSectionName(string Name, Type Options, IReadOnlyCollection<string> Settings);

/// <summary>Reads a configuration section into an options class, and rejects unknown names and invalid values.</summary>
internal static class SettingsReader
{
    /// <summary>Adds the section as <c>IOptions</c>, and returns it for use before the services are built.</summary>
    /// <exception cref="SettingException">A name is unknown or a value is invalid.</exception>
    public static T AddSettings<T>(this IServiceCollection services, IConfiguration configuration, string section)
        where T : class, new()
    {
        var settings = new T();
        var properties = typeof(T).GetProperties().Where(p => p.SetMethod is { IsPublic: true }).ToDictionary(p => p.Name, StringComparer.OrdinalIgnoreCase);
        foreach (var entry in configuration.GetSection(section).GetChildren())
        {
            if (!properties.TryGetValue(entry.Key, out var property))
            {
                throw new SettingException($"{entry.Path} is not a setting; the settings of {section} are: {string.Join(", ", properties.Keys)}.");
            }

            property.SetValue(settings, Read(entry, property));
        }

        services.AddSingleton(Microsoft.Extensions.Options.Options.Create(settings));
        services.AddSingleton(new SettingsSectionName(section, typeof(T), properties.Keys));
        return settings;
    }

    private static object? Read(IConfigurationSection entry, PropertyInfo property)
    {
        object? value = null;
        try
        {
            value = TypeDescriptor.GetConverter(property.PropertyType)
                .ConvertFromString(null, CultureInfo.InvariantCulture, entry.Value ?? "");
        }
        catch (Exception e) when (e is ArgumentException or FormatException or OverflowException or NotSupportedException)
        {
            // The exception below names the allowed values.
        }

        var rules = property.GetCustomAttributes<ValidationAttribute>();
        return value is not null && rules.All(rule => rule.IsValid(value))
            ? value
            : throw new SettingException($"{entry.Path} is '{entry.Value}'; allowed is {Allowed(property)}.");
    }

    private static string Allowed(PropertyInfo property) =>
        property.GetCustomAttribute<RangeAttribute>() is { } range
            ? string.Create(CultureInfo.InvariantCulture, $"a whole number from {range.Minimum} to {range.Maximum}")
            : property.GetCustomAttribute<AllowedValuesAttribute>() is { } values ? string.Join(" or ", values.Values)
            : property.PropertyType == typeof(bool) ? "true or false"
            : "any text that is not empty";
}
