using System.Text.RegularExpressions;
using Xunit;

namespace Counter.Gateway.Tests.Documentation;

/// <summary>Links work, every page is linked, and no page is too long.</summary>
public sealed partial class PageTests
{
    private const int MostLines = 250;

    private static readonly Dictionary<string, int> MostLinesOf = new() { ["README.md"] = 130, ["ARCHITECTURE.md"] = 150 };

    private static readonly IReadOnlyList<MarkdownPage> Pages = MarkdownPage.ReadAll();

    [Fact]
    public void Links_lead_to_existing_files_and_headings()
    {
        var links = Pages.SelectMany(page => page.Links.Select(link => (Page: page, Link: link, To: page.Resolve(link)))).ToList();
        Assert.True(links.Count >= 100, $"Only {links.Count} links are found.");
        var files = links.Where(link => !Repository.Exists(link.To.Path)).Select(link => $"{link.Page.Path}: {link.Link}: no such file");
        var anchors = links.Where(link => link.To.Anchor.Length > 0 && Pages.FirstOrDefault(page => page.Path == link.To.Path)?.Anchors.Contains(link.To.Anchor) == false)
            .Select(link => $"{link.Page.Path}: {link.Link}: no such heading");
        Fail(files.Concat(anchors));
    }

    [Fact]
    public void Pages_named_in_the_code_exist() =>
        Fail(Repository.Files("src", "*").Concat(Repository.Files("deploy", "*")).Concat(Repository.Files("bench", "*.cs")).Concat(Repository.Files("tests", "*.cs"))
            .Where(path => Path.GetExtension(path) is not (".ttf" or ".png"))
            .SelectMany(path => Page().Matches(Repository.Read(path)).Select(match => match.Value).Where(page => !Repository.Exists(page)).Select(page => $"{path}: {page}: no such file")));

    [Fact]
    public void Every_page_is_linked_from_the_README()
    {
        HashSet<string> reached = ["README.md"];
        for (var before = 0; before < reached.Count;)
        {
            before = reached.Count;
            reached.UnionWith(Pages.Where(page => reached.Contains(page.Path)).SelectMany(page => page.Links.Select(link => page.Resolve(link).Path)).ToList());
        }

        Fail(Pages.Where(page => !reached.Contains(page.Path)).Select(page => $"{page.Path}: no page leads there"));
    }

    [Fact]
    public void No_page_is_too_long() =>
        Fail(Pages.Select(page => (page.Path, page.Lines, Most: MostLinesOf.GetValueOrDefault(page.Path, MostLines)))
            .Where(page => page.Lines > page.Most).Select(page => $"{page.Path}: {page.Lines} lines, at most {page.Most}"));

    private static void Fail(IEnumerable<string> problems)
    {
        var all = string.Join('\n', problems);
        Assert.True(all.Length == 0, all);
    }

    [GeneratedRegex(@"\bdocs/[\w-]+\.md\b")]
    private static partial Regex Page();
}
