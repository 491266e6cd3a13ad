using System.Net;
using Counter.Gateway.Tests.Support;
using Xunit;

namespace Counter.Gateway.Tests.Documentation;

/// <summary>The pages list all parameters that a gateway reads, with their defaults and limits.</summary>
public sealed class ParameterTests : IAsyncLifetime
{
    private const string Where = "?site=example.com&page=/";

    // How clients are classified, and what the gateway and its own pages write into addresses.
    private static readonly string[] NotInTables = ["again", "length", "own", "visit"];

    // What is to be 1 or 0 is looked at wherever it stands, also where it says nothing; a chart has no totals, and a poll no number that could be another.
    private static readonly string[] Ignored = ["all", "explain", "stale", "words"];
    private static readonly string[] IgnoredByCharts = [.. Ignored, "of", "tz"];
    private static readonly string[] IgnoredByPolls = [.. IgnoredByCharts, "count"];

    private static readonly string[] WithWords = ["style", "theme", "range", "count", "of", "results", "locale"];

    private readonly ReadParameters read = new();
    private RunningGateway gateway = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => gateway = await read.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await gateway.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData("/online.svg" + Where, "docs/embedding.md", "docs/styles.md")]
    [InlineData("/online/chart.svg" + Where, "docs/charts.md")]
    [InlineData("/poll/tea.svg" + Where + "&options=Yes,No", "docs/polls.md")]
    [InlineData("/react/tea.svg" + Where, "docs/polls.md")]
    public async Task A_picture_reads_exactly_the_documented_parameters(string address, params string[] pages)
    {
        read.Forget();
        using var still = await gateway.Http.GetAsync(address + "&live=0", Cancelled);
        Assert.Equal(HttpStatusCode.OK, still.StatusCode);
        using var live = await gateway.OpenAsync(address, "User-Agent: Mozilla/5.0 Firefox/153.0", "Accept: image/*", "Sec-Fetch-Dest: image");
        var named = pages.SelectMany(ParameterTable.Of).Select(parameter => parameter.Name).ToHashSet();
        Assert.True(named.Count >= 10, $"Only {named.Count} parameters are found.");
        var unnamed = read.Names.Except(named).Except(NotInTables).Except(pages[0] switch { "docs/polls.md" => IgnoredByPolls, "docs/charts.md" => IgnoredByCharts, _ => Ignored }).ToList();
        Assert.True(unnamed.Count == 0, $"{pages[0]} does not name {string.Join(", ", unnamed)}, which {address} reads.");
        var unread = named.Except(read.Names).ToList();
        Assert.True(unread.Count == 0, $"{pages[0]} names {string.Join(", ", unread)}, which {address} does not read.");
    }

    [Theory]
    [InlineData("/online.json" + Where, "docs/numbers.md", "docs/embedding.md")]
    [InlineData("/online.txt" + Where, "docs/numbers.md", "docs/embedding.md")]
    [InlineData("/relay/cam.mjpeg?", "docs/relay.md")]
    public async Task Every_other_parameter_is_documented(string address, params string[] pages)
    {
        read.Forget();
        using var answer = await gateway.Http.GetAsync(address, Cancelled);
        Assert.NotEmpty(read.Names);
        var text = string.Concat(pages.Select(Repository.Read));
        Assert.All(read.Names.Except(NotInTables).Except(Ignored), name => Assert.Matches($"`[^`]*\\b{name}\\b", text));
    }

    [Theory]
    [InlineData("/preview.png?n=3", "docs/styles.md")]
    [InlineData("/online.png" + Where + "&live=0", "docs/embedding.md")]
    [InlineData("/online/chart.png" + Where + "&live=0", "docs/charts.md")]
    [InlineData("/poll/tea.png" + Where + "&options=Yes,No&live=0", "docs/polls.md")]
    public async Task Documented_defaults_match_the_picture_without_parameters(string address, string page)
    {
        var defaultPicture = await gateway.Http.GetByteArrayAsync(address, Cancelled);

        // The text for one is what another parameter is.
        var tried = ParameterTable.Of(page).Where(parameter => parameter.Default is not null && parameter.Name != "one").ToList();
        Assert.NotEmpty(tried);
        foreach (var (name, value) in tried.Select(parameter => (parameter.Name, parameter.Default!)))
        {
            var explicitPicture = await gateway.Http.GetByteArrayAsync($"{address}&{name}={Uri.EscapeDataString(value)}", Cancelled);
            Assert.True(defaultPicture.AsSpan().SequenceEqual(explicitPicture), $"{page}: the default of {name} is not {value}.");
        }
    }

    [Theory]
    [InlineData("/preview.svg?n=3", "docs/styles.md")]
    [InlineData("/online.svg" + Where + "&live=0", "docs/embedding.md")]
    [InlineData("/online/chart.svg" + Where + "&live=0", "docs/charts.md")]
    [InlineData("/poll/tea.svg" + Where + "&live=0&options=Yes,No", "docs/polls.md")]
    public async Task Documented_limits_match_the_code(string address, string page)
    {
        foreach (var parameter in ParameterTable.Of(page))
        {
            if (parameter.Range is var (least, most))
            {
                await AssertAsync(HttpStatusCode.OK, $"{least}");
                await AssertAsync(HttpStatusCode.OK, $"{most}");
                await AssertAsync(HttpStatusCode.BadRequest, $"{least - 1}");
                await AssertAsync(HttpStatusCode.BadRequest, $"{most + 1}");
            }
            else if (parameter.Longest is { } longest)
            {
                await AssertAsync(HttpStatusCode.OK, Text(longest));
                await AssertAsync(HttpStatusCode.BadRequest, Text(longest + 1));
            }
            else if (WithWords.Contains(parameter.Name) && parameter.Place == 0)
            {
                foreach (var word in parameter.Values)
                {
                    await AssertAsync(HttpStatusCode.OK, word);
                }

                await AssertAsync(HttpStatusCode.BadRequest, "none of these");
            }

            async Task AssertAsync(HttpStatusCode status, string value)
            {
                using var answer = await gateway.Http.GetAsync($"{address}&{parameter.Name}={Uri.EscapeDataString(value)}", Cancelled);
                Assert.True(status == answer.StatusCode, $"{page}: {parameter.Name}={value} is answered {(int)answer.StatusCode}.");
            }

            string Text(int length) => new string('a', length) + (parameter.Name == "options" ? ",b" : "");
        }
    }

    [Fact]
    public async Task Documented_heights_labels_and_sizes_of_styles_match_the_code()
    {
        var styles = ParameterTable.Rows("docs/styles.md", "| style |").ToList();
        Assert.Equal(5, styles.Count);
        foreach (var cells in styles)
        {
            var address = $"/preview.svg?n=3&style={ParameterTable.Literal(cells[0])}";
            var defaultPicture = await gateway.Http.GetStringAsync(address, Cancelled);
            Assert.Contains($" height='{cells[2].Replace(" px", "", StringComparison.Ordinal)}'", defaultPicture, StringComparison.Ordinal);
            Assert.Equal(defaultPicture, await gateway.Http.GetStringAsync(
                $"{address}&label={Uri.EscapeDataString(ParameterTable.Literal(cells[3])!)}&size={ParameterTable.Literal(cells[4])}", Cancelled));
        }
    }
}
