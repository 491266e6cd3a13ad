using System.Text.RegularExpressions;
using Counter.Deploy.Tests.Bicep;

namespace Counter.Deploy.Tests.Checks;

/// <summary>One version of the API for each kind of resource and what belongs to it, and no preview without need.</summary>
internal static partial class VersionCheck
{
    // There is no other version of this one.
    private static readonly string[] Previews = ["Microsoft.Insights/diagnosticSettings"];

    public static IEnumerable<string> Check(BicepFolder folder)
    {
        foreach (var (file, resource) in folder.Resources())
        {
            var match = Form().Match(resource.Type.Text);
            if (!match.Success)
            {
                yield return $"{file.Path}:{resource.Line}: '{resource.Type.Text}' is no type with a version, such as Microsoft.App/containerApps@2026-01-01.";
            }
            else if (match.Groups["preview"].Success && !Previews.Contains(match.Groups["type"].Value))
            {
                yield return $"{file.Path}:{resource.Line}: {resource.Type.Text} is a preview.";
            }
        }

        var families = folder.Resources().Select(r => Form().Match(r.Resource.Type.Text)).Where(match => match.Success)
            .GroupBy(match => match.Groups["family"].Value, match => match.Groups["version"].Value, StringComparer.OrdinalIgnoreCase);
        foreach (var family in families.Where(versions => versions.Distinct().Count() > 1))
        {
            yield return $"{family.Key} has several versions: {string.Join(", ", family.Distinct())}.";
        }
    }

    [GeneratedRegex(@"^(?<type>(?<family>Microsoft\.[A-Za-z]+/[A-Za-z]+)(/[A-Za-z]+)*)@(?<version>20\d\d-\d\d-\d\d(?<preview>-preview)?)$")]
    private static partial Regex Form();
}
