using System.Text.RegularExpressions;
using Counter.Grains.Hosting;
using Xunit;

namespace Counter.Gateway.Tests.Documentation;

/// <summary>The page about settings matches the option classes.</summary>
public sealed partial class ConfigurationTests
{
    private const string Page = "docs/configuration.md";

    [Fact]
    public async Task Tables_of_settings_match_the_code()
    {
        var sections = await ReadSectionsAsync();
        Assert.True(sections.Count >= 10, $"Only {sections.Count} sections are found.");
        GeneratedText.Check(Page, sections.ToDictionary(section => section.Name, SettingsTable.Of));
    }

    /// <summary>How certificates are given is a setting of the web server, which says so itself.</summary>
    [Fact]
    public async Task Every_other_setting_of_the_programs_is_on_the_page()
    {
        var sections = (await ReadSectionsAsync()).ConvertAll(section => section.Name);
        var page = Repository.Read(Page);
        var read = Repository.Files("src", "*.cs").Where(path => !path.Contains("/Certificates/", StringComparison.Ordinal)).SelectMany(path => Reading().Matches(Repository.Read(path))).ToList();
        Assert.True(read.Count >= 8, $"Only {read.Count} places are found where settings are read.");
        var names = read.Select(match => match.Groups["name"].Value).Distinct(StringComparer.OrdinalIgnoreCase)
            .Where(name => !page.Contains(name, StringComparison.OrdinalIgnoreCase)).ToList();
        Assert.True(names.Count == 0, $"{Page} does not mention {string.Join(", ", names)}.");
        var unknown = read.Select(match => match.Groups["section"].Value).Where(name => name.Length > 0).Except(sections).ToList();
        Assert.True(unknown.Count == 0, $"Not the gateway, but another program reads {string.Join(", ", unknown)}; its settings are not on the page.");
    }

    /// <summary>Only what changed names settings that are gone.</summary>
    [Fact]
    public async Task Settings_named_on_pages_exist()
    {
        var sections = (await ReadSectionsAsync()).ToDictionary(section => section.Name);
        var named = MarkdownPage.ReadAll().Where(page => page.Path != "CHANGELOG.md").SelectMany(page => Setting().Matches(Repository.Read(page.Path)).Select(match => (page.Path, Match: match)))
            .Where(name => sections.ContainsKey(name.Match.Groups["section"].Value)).ToList();
        Assert.True(named.Count >= 80, $"Only {named.Count} settings are found.");
        var wrong = named.Where(name => !sections[name.Match.Groups["section"].Value].Settings.Contains(name.Match.Groups["name"].Value))
            .Select(name => $"{name.Path}: there is no setting {name.Match.Value}").ToList();
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    /// <summary>The sections of a gateway. A silo has one of them, and no other: the test above sees to that.</summary>
    private static async Task<List<SettingsSectionName>> ReadSectionsAsync()
    {
        List<SettingsSectionName> sections = [];
        var data = Directory.CreateTempSubdirectory("counter-test-");
        await using (CounterApp.Build(["--Data:Directory=" + data.FullName], builder =>
            sections.AddRange(builder.Services.Select(service => service.ImplementationInstance).OfType<SettingsSectionName>())))
        {
            data.Delete(recursive: true);
        }

        return sections;
    }

    [GeneratedRegex("(?<section>[A-Z][a-z]+)(:|__)(?<name>[A-Z][A-Za-z]+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Setting();

    [GeneratedRegex(
        """AddSettings<\w+>\([^;]*?"(?<section>\w+)"\)|\b(builder\.Configuration|app\.Configuration|configuration|settings|logging)(\[|\.GetSection\()"(?<name>[\w:]+)"|\bSays\("(?<name>\w+)"\)|const string Endpoint = "(?<name>OTEL_\w+)"|GetConnectionString\("(?<name>\w+)"\)""",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Reading();
}
