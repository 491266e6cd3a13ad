using System.Text.RegularExpressions;

namespace Counter.Gateway.Tests.Documentation;

/// <summary>The commands of a page: what its blocks of shell have, and what its text has of curl with an address.</summary>
internal static partial class ShellBlock
{
    /// <summary>The commands in the order of the page, each in one line.</summary>
    public static List<string> Commands(string page) =>
    [
        .. Command().Matches(Repository.Read(page)).SelectMany(match => match.Groups["line"].Success
            ? [match.Groups["line"].Value]
            : match.Groups["block"].Value.Replace("\\\n", " ", StringComparison.Ordinal).Split('\n')
                .Select(line => Comment().Replace(line, "").Trim()).Where(line => line.Length > 0)),
    ];

    /// <summary>A page without them.</summary>
    public static string Without(string page) => Command().Replace(Repository.Read(page), "");

    [GeneratedRegex(@"^```sh\n(?<block>[\s\S]*?)^```|`(?<line>curl [^`]*http[^`]*)`", RegexOptions.ExplicitCapture | RegexOptions.Multiline)]
    private static partial Regex Command();

    [GeneratedRegex(@"(^|\s)#\s.*$")]
    private static partial Regex Comment();
}
