using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text;
using Counter.Grains.Hosting;

namespace Counter.Gateway.Tests.Documentation;

/// <summary>
/// A section of settings as a table: meanings are the summaries of the properties, and defaults are their values, or the comment's
/// <c>&lt;value&gt;</c> where that says it better.
/// </summary>
internal static class SettingsTable
{
    public static string Of(SettingsSectionName section)
    {
        var table = new StringBuilder("| setting | meaning | allowed | default |\n|---|---|---|---|\n");
        var usual = Activator.CreateInstance(section.Options);
        foreach (var property in section.Options.GetProperties().Where(property => section.Settings.Contains(property.Name)))
        {
            var meaning = XmlComments.Of(property, "summary") ?? throw new FormatException($"{section.Name}:{property.Name} has no summary.");
            table.Append(CultureInfo.InvariantCulture, $"| `{section.Name}:{property.Name}` | {Cell(InTable(meaning))} |{Allowed(property)} | {Cell(Default(property, usual))} |\n");
        }

        return table.ToString();
    }

    /// <summary>A table has no sentences but such that follow others: no capital at the beginning, no full stop at the end.</summary>
    private static string InTable(string sentence)
    {
        var text = sentence.EndsWith('.') ? sentence[..^1] : sentence;
        return text.Length > 1 && char.IsUpper(text[0]) && !char.IsUpper(text[1]) ? char.ToLowerInvariant(text[0]) + text[1..] : text;
    }

    private static string Allowed(PropertyInfo property) =>
        property.GetCustomAttribute<RangeAttribute>() is { } range ? string.Create(CultureInfo.InvariantCulture, $" {range.Minimum:N0} to {range.Maximum:N0}")
        : property.GetCustomAttribute<AllowedValuesAttribute>() is { } values ? " " + string.Join(", ", values.Values.Select(value => $"`{value}`"))
        : property.PropertyType == typeof(bool) ? " `true`, `false`"
        : "";

    private static string Default(PropertyInfo property, object? usual) =>
        XmlComments.Of(property, "value") ?? property.GetValue(usual) switch
        {
            true => "`true`",
            false => "`false`",
            int number => string.Create(CultureInfo.InvariantCulture, $"{number}"),
            string { Length: > 0 } text => $"`{text}`",
            _ => throw new FormatException($"{property.DeclaringType}.{property.Name} is empty at first; say in <value> what that means."),
        };

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
