using Counter.Deploy.Tests.Bicep;

namespace Counter.Deploy.Tests.Checks;

/// <summary>Images are named by what is in them: never by a tag, which may become another image.</summary>
internal static class ImageCheck
{
    // sha256: and 64 hexadecimal digits.
    private const string DigestLength = "71";

    public static IEnumerable<string> Check(BicepFolder folder)
    {
        var images =
            from file in folder.Templates
            from module in file.Of(DeclarationKind.Module)
            from property in (module.Body?["params"] as ObjectExpression)?.Properties ?? []
            where property.Name.EndsWith("image", StringComparison.OrdinalIgnoreCase)
            where property.Value is not TextExpression text || !text.Text.EndsWith('@') || text.Text.Contains(':', StringComparison.Ordinal)
            select $"{file.Path}:{property.Value.Line}: the image of '{module.Name}' does not end in @ and a digest.";
        var digests =
            from file in folder.Templates
            from digest in file.Declarations.SelectMany(d => d.Type.Properties.Prepend(d))
            where digest.Kind is DeclarationKind.Parameter or DeclarationKind.Type
            where digest.Name.EndsWith("digest", StringComparison.OrdinalIgnoreCase)
            where !Has(digest, "minLength") || !Has(digest, "maxLength")
            select $"{file.Path}:{digest.Line}: '{digest.Name}' may have another length than a digest, {DigestLength}.";
        return images.Concat(digests);
    }

    private static bool Has(Declaration digest, string decorator) =>
        digest.Decorators.Any(d => d.Function == decorator && d.Arguments is [PlainExpression { Text: DigestLength }]);
}
