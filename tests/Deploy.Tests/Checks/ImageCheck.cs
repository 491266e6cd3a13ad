using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Counter.Deploy.Tests.Checks;

/// <summary>Images are named by what is in them: never by a tag, which may become another image.</summary>
internal static partial class ImageCheck
{
    // sha256: and 64 hexadecimal digits.
    private const int DigestLength = 71;

    public static IEnumerable<string> Check(JsonNode template, IReadOnlyList<JsonNode> apps)
    {
        var images =
            from app in apps
            from container in app["properties"]!["template"]!["containers"].Items()
            where !Image().IsMatch(container["image"].Text()!)
            select $"The image of {app["name"]} does not end in @ and a digest: {container["image"]}";
        var digests =
            from digest in template.All().OfType<JsonObject>()
            where digest["type"] is not null && digest.Parent is not null && digest.GetPath().EndsWith("digest", StringComparison.OrdinalIgnoreCase)
            where digest["minLength"].Number() != DigestLength || digest["maxLength"].Number() != DigestLength
            select $"{digest.GetPath()} may have another length than a digest, {DigestLength}.";
        return images.Concat(digests);
    }

    [GeneratedRegex(@"^\[format\('\{0\}/counter-[a-z]+@\{1\}', reference\('[^']+/registries/[^']+', '[^']+'\)\.loginServer, 'sha256:[0-9a-f]{64}'\)\]$")]
    private static partial Regex Image();
}
