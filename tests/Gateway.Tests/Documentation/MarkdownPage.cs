using System.Text.RegularExpressions;

namespace Counter.Gateway.Tests.Documentation;

/// <summary>A page of the documentation: its links, and the places that links can lead to.</summary>
internal sealed partial class MarkdownPage
{
    private readonly string folder;

    private MarkdownPage(string path)
    {
        Path = path;
        folder = System.IO.Path.GetDirectoryName(path)!;
        var text = Repository.Read(path);
        Lines = text.Split('\n').Length - 1;
        var prose = Block().Replace(text, "");
        Links = [.. Link().Matches(ShownAddress().Replace(prose, "")).Select(match => match.Groups["to"].Value).Where(to => !IsElsewhere(to))];
        HashSet<string> anchors = [.. Anchor().Matches(prose).Select(match => match.Groups["name"].Value)];
        foreach (var heading in Heading().Matches(prose).Select(match => Slug(match.Groups["text"].Value)))
        {
            // A heading that is there twice has a number.
            for (var (anchor, i) = (heading, 1); !anchors.Add(anchor); i++)
            {
                anchor = $"{heading}-{i}";
            }
        }

        Anchors = anchors;
    }

    /// <summary>Its path in the repository.</summary>
    public string Path { get; }

    public int Lines { get; }

    /// <summary>The links to what is in the repository, as they are written.</summary>
    public IReadOnlyList<string> Links { get; }

    /// <summary>What can stand behind a <c>#</c>, as GitHub makes it of headings.</summary>
    public IReadOnlySet<string> Anchors { get; }

    /// <summary>All pages that people read.</summary>
    public static IReadOnlyList<MarkdownPage> ReadAll() =>
    [
        .. new[] { "README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md" }
            .Concat(Repository.Files("docs", "*.md")).Concat(Repository.Files("deploy", "*.md")).Select(path => new MarkdownPage(path)),
    ];

    /// <summary>The path in the repository that a link leads to, and the place there.</summary>
    public (string Path, string Anchor) Resolve(string link)
    {
        var parts = Uri.UnescapeDataString(link).Split('#', 2);
        var path = parts[0].Length == 0 ? Path
            : System.IO.Path.GetRelativePath(Repository.Root, System.IO.Path.GetFullPath(System.IO.Path.Combine(Repository.Root, folder, parts[0])));
        return (path.Replace('\\', '/'), parts.ElementAtOrDefault(1) ?? "");
    }

    private static bool IsElsewhere(string link) =>
        link.StartsWith("//", StringComparison.Ordinal) || (Uri.TryCreate(link, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" or "mailto");

    private static string Slug(string heading) =>
        NotInSlug().Replace(LinkText().Replace(heading, "${text}").Trim().ToLowerInvariant(), "").Replace(' ', '-');

    [GeneratedRegex(@"^ *```[\s\S]*?^ *```", RegexOptions.Multiline)]
    private static partial Regex Block();

    // A link that is shown, not one that can be followed.
    [GeneratedRegex(@"`[^`\n]*(\]\(|src=|href=)[^`\n]*`", RegexOptions.ExplicitCapture)]
    private static partial Regex ShownAddress();

    [GeneratedRegex("""\]\(<?(?<to>[^)\s>]+)>?(\s+"[^"]*")?\)|(src|href)="(?<to>[^"]+)"|^\[[^\]]+\]:\s+(?<to>\S+)""", RegexOptions.ExplicitCapture | RegexOptions.Multiline)]
    private static partial Regex Link();

    [GeneratedRegex("""<a (id|name)="(?<name>[^"]+)""", RegexOptions.ExplicitCapture)]
    private static partial Regex Anchor();

    [GeneratedRegex(@"^#{1,6} +(?<text>.+)$", RegexOptions.ExplicitCapture | RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"\[(?<text>[^\]]*)\]\([^)]*\)", RegexOptions.ExplicitCapture)]
    private static partial Regex LinkText();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInSlug();
}
