using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Counter.Gateway.Documents;

namespace Counter.Gateway.Admin;

/// <summary>JSON Merge Patch (RFC 7396): members that a patch does not name stay, and null removes a member.</summary>
internal static class MergePatch
{
    private static readonly JsonSerializerOptions Strict = new(StoredDocuments.Json) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    /// <summary>Applies a patch.</summary>
    /// <exception cref="BadHttpRequestException">The result is not a <typeparamref name="T"/>.</exception>
    public static T Apply<T>(T before, JsonObject? patch)
    {
        try
        {
            return Merge(JsonSerializer.SerializeToNode(before, Strict), patch ?? throw new JsonException("A patch is an object.")).Deserialize<T>(Strict)!;
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            // JSON nodes throw the last two, for a duplicate name and for a value of another type.
            throw new BadHttpRequestException("The body cannot be read.", e as JsonException ?? new JsonException(e.Message, e));
        }
    }

    private static JsonObject Merge(JsonNode? target, JsonObject patch)
    {
        var merged = target as JsonObject ?? [];
        foreach (var (name, value) in patch)
        {
            var known = merged.FirstOrDefault(member => member.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Key ?? name;
            var before = merged[known];
            merged.Remove(known);
            if (value is JsonObject inner)
            {
                merged[known] = Merge(before?.DeepClone(), inner);
            }
            else if (value is not null)
            {
                merged[known] = value.DeepClone();
            }
        }

        return merged;
    }
}
