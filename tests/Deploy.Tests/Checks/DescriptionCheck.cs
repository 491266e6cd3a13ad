using System.Text.Json.Nodes;

namespace Counter.Deploy.Tests.Checks;

/// <summary>Whatever somebody gives to a file or gets from it is described in a sentence. The linter sees to it that it is described.</summary>
internal static class DescriptionCheck
{
    public static IEnumerable<string> Check(JsonNode template) =>
        from metadata in template.All().OfType<JsonObject>()
        let description = metadata["metadata"]?["description"].Text()
        where description?.EndsWith('.') == false
        select $"{metadata.GetPath()}: '{description}' is no sentence.";
}
