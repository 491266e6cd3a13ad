using System.Globalization;
using System.Text.Json.Nodes;
using Counter.Gateway.Admin;

namespace Counter.Gateway.SitePages;

/// <summary>The values of a form, and what the admin API said of them.</summary>
public sealed class FormFields
{
    private readonly IReadOnlyDictionary<string, string> values;
    private readonly ApiProblem? problem;

    internal FormFields(IReadOnlyDictionary<string, string> values, ApiProblem? problem = null) => (this.values, this.problem) = (values, problem);

    internal FormFields(IFormCollection form, ApiProblem? problem)
        : this(form.ToDictionary(field => field.Key, field => field.Value.LastOrDefault() ?? ""), problem)
    {
    }

    internal static FormFields Empty { get; } = new(new Dictionary<string, string>());

    /// <summary>The problem as a whole; null for none.</summary>
    public string? Sentence => problem?.Status != StatusCodes.Status412PreconditionFailed ? problem?.Detail
        : this["version"].Length == 0 && this["name"].Length > 0 ? "One of this name exists already. Choose another name."
        : "Somebody else changed this after you opened it. Load this page again, and make your change once more.";

    /// <summary>The value of a field; empty for none.</summary>
    public string this[string name] => values.GetValueOrDefault(name, "");

    /// <summary>The sentence for a field, or for a part of it; null when the field is right.</summary>
    public string? Error(string name) => problem?.Errors?
        .FirstOrDefault(error => error.Key == name || error.Key.StartsWith(name + ".", StringComparison.Ordinal)).Value?[0];

    /// <summary>A whole number; null for an empty field.</summary>
    /// <remarks>Text that is no number becomes one that is never allowed, so the admin API says what is.</remarks>
    internal JsonNode? Number(string name) => this[name].Trim() is not { Length: > 0 } text ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;

    /// <summary>Text; null for an empty field.</summary>
    internal JsonNode? Text(string name) => this[name].Trim() is { Length: > 0 } text ? text : null;
}
