using System.Globalization;
using System.Text.Json.Nodes;

namespace Counter.Deploy.Tests;

/// <summary>Short ways through JSON.</summary>
internal static class Json
{
    /// <summary>The value and everything in it.</summary>
    public static IEnumerable<JsonNode> All(this JsonNode? node) => node switch
    {
        null => [],
        JsonObject o => o.SelectMany(property => property.Value.All()).Prepend(node),
        JsonArray array => array.SelectMany(All).Prepend(node),
        _ => [node],
    };

    /// <summary>The items of an array; nothing if it is none.</summary>
    public static IEnumerable<JsonNode> Items(this JsonNode? node) => (node as JsonArray ?? []).OfType<JsonNode>();

    /// <summary>A text, or null.</summary>
    public static string? Text(this JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    /// <summary>A number, or a text that is one, or null.</summary>
    public static int? Number(this JsonNode? node) =>
        node is JsonValue value && value.TryGetValue(out int number) || int.TryParse(node.Text(), CultureInfo.InvariantCulture, out number) ? number : null;
}
