using System.Text.RegularExpressions;
using Counter.Gateway.Tests.Support;
using Xunit;

namespace Counter.Gateway.Tests.Documentation;

/// <summary>The addresses of docs/recipes.md count the page, once the program has filled in its path.</summary>
public sealed partial class RecipeTests
{
    // What a recipe has, what the program writes there, and the page that is meant.
    public static TheoryData<string, string, string> Templates => new()
    {
        { "{{ .RelPermalink }}", "%2fposts%2fcaf%c3%a9%2f", "/posts/café/" },
        { "{{ .Page.RelPermalink }}", "%2fposts%2fcaf%c3%a9%2f", "/posts/café/" },
        { "{{ page.url | relative_url | url_encode }}", "%2Fblog%2Fa+b.html", "/blog/a b.html" },
        { "{TOPIC_ID}", "17", "/topic/17" },
        { "${encodeURIComponent(page)}", "%2Ft%2Fwelcome%2F17", "/t/welcome/17" },
        { "$page", "%2Findex.php%2FHelp%3AContents", "/index.php/Help:Contents" },
        { "{{FULLPAGENAMEE}}", "Help:Caf%C3%A9", "/wiki/Help:Café" },
    };

    [Theory]
    [MemberData(nameof(Templates))]
    public async Task A_template_counts_the_page_that_it_is_on(string template, string written, string page)
    {
        await using var gateway = await RunningGateway.StartAsync();
        var addresses = Address().Matches(Repository.Read("docs/recipes.md").Replace(template, written, StringComparison.Ordinal))
            .Select(match => match.Groups["to"].Value).Where(to => to.Contains(written, StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(addresses);
        foreach (var address in addresses)
        {
            using var reader = await gateway.ViewAsync("http://example.com/", address);
            await gateway.WaitForCountAsync("http://example.com" + page, 1);
        }
    }

    [Fact]
    public void MediaWiki_recognises_the_address_as_a_picture()
    {
        var text = Repository.Read("docs/recipes.md");
        var address = text[(text.IndexOf("```wikitext\n", StringComparison.Ordinal) + 12)..].Split('\n')[0];
        Assert.Matches(ExternalImage(), address.Replace("{{FULLPAGENAMEE}}", "Help:Caf%C3%A9", StringComparison.Ordinal));
    }

    [GeneratedRegex("""https://counter\.example(?<to>/online\.png\?[^\s`"'<>\[\]]*)""", RegexOptions.ExplicitCapture)]
    private static partial Regex Address();

    // EXT_IMAGE_REGEX of MediaWiki's Parser.php.
    [GeneratedRegex("""^(http://|https://)([^\]\[<>"\x00-\x20\x7F]+)/([A-Za-z0-9_.,~%\-+&;#*?!=()@\x80-\xFF]+)\.(gif|png|jpg|jpeg)$""")]
    private static partial Regex ExternalImage();
}
