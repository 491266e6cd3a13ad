using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Counter.Gateway.Documents;

namespace Counter.Gateway.Admin;

/// <summary>Selects the values for an entry of the audit log: those that a change made different, and of long values the beginning.</summary>
internal static class AuditValues
{
    /// <summary>The most characters of the values of an entry, before and after together. All 50,000 entries are in memory.</summary>
    public const int Most = 500;

    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Returns the values that differ; null when a side has none.</summary>
    public static (JsonObject? Before, JsonObject? After) Compare(object? before, object? after)
    {
        var (from, to) = (Read(before), Read(after));
        RemoveEqual(from, to);
        for (var longest = Most; ; longest /= 2)
        {
            var (cutFrom, cutTo) = (Cut(from, longest), Cut(to, longest));
            if (longest == 0 || Length(cutFrom) + Length(cutTo) <= Most)
            {
                return (cutFrom, cutTo);
            }
        }
    }

    private static JsonObject Read(object? values) =>
        values is null ? [] : JsonSerializer.SerializeToNode(values, values.GetType(), StoredDocuments.Json)!.AsObject();

    private static void RemoveEqual(JsonObject one, JsonObject other)
    {
        foreach (var (name, value) in one.ToList())
        {
            if (!other.TryGetPropertyValue(name, out var same))
            {
                continue;
            }

            if (JsonNode.DeepEquals(value, same))
            {
                one.Remove(name);
                other.Remove(name);
            }
            else if (value is JsonObject inner && same is JsonObject otherInner)
            {
                RemoveEqual(inner, otherInner);
            }
        }
    }

    private static JsonObject? Cut(JsonObject values, int longest) => values.Count == 0 ? null
        : [.. values.Select(member => KeyValuePair.Create(member.Key, Cut(member.Value, longest)))];

    private static JsonNode? Cut(JsonNode? value, int longest) => Length(value) > longest ? Shorten(value!, longest) : value?.DeepClone();

    private static JsonNode Shorten(JsonNode value, int longest)
    {
        var text = value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString(Readable);
        return text[..Math.Min(text.Length, longest)] + "…";
    }

    private static int Length(JsonNode? value) => value?.ToJsonString(StoredDocuments.Json).Length ?? 0;
}
