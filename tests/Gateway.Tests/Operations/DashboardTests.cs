using System.Text.Json;
using System.Text.RegularExpressions;
using Counter.Counting.Polls;
using Counter.Counting.Webhooks;
using Counter.Gateway.Operations;
using Counter.Gateway.Tests.Documentation;
using Counter.Gateway.Tests.Support;
using Counter.Grains.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace Counter.Gateway.Tests.Operations;

/// <summary>The dashboard for Grafana uses existing metrics.</summary>
public sealed partial class DashboardTests
{
    // What Prometheus adds, or makes of a histogram.
    private static readonly string[] Known = ["instance", "le"];

    [Fact]
    public async Task Every_metric_and_label_of_the_dashboard_is_measured()
    {
        var (scrape, panels) = (await ScrapeAsync(), Panels());
        Assert.True(panels.Count >= 18, $"Only {panels.Count} panels are found.");
        Assert.Empty(panels.SelectMany(panel => panel.Queries.SelectMany(query => Problems(query, scrape))));
        Assert.Equal(panels.Count, panels.Select(panel => panel.Title).Distinct().Count());
        Assert.All(panels, panel => Assert.EndsWith(".", panel.Description, StringComparison.Ordinal));
        var asked = string.Join('\n', panels.SelectMany(panel => panel.Queries));
        Assert.All(
            ["viewers", "streams", "frames_sent", "frames_io", "cpu_time", "working_set", "refused", "probes", "webhook", "relay", "votes"],
            topic => Assert.Contains(topic, asked, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("sum(counter_viewers)", "counter_viewers")]
    [InlineData("rate(counter_frames_sent{instance=~\"$instance\"}[1m])", "counter_frames_sent")]
    [InlineData("sum by (page) (rate(counter_streams_refused_total[1m]))", "page")]
    [InlineData("sum by (limit, site) (rate(counter_streams_refused_total[1m]))", "site")]
    public async Task An_unknown_metric_is_a_complaint(string query, string name) => Assert.Equal([name], Problems(query, await ScrapeAsync()));

    private static IEnumerable<string> Problems(string query, string scrape)
    {
        var metrics = Metric().Matches(query).Select(match => match.Value).Distinct().ToList();
        var lines = scrape.Split('\n').Where(line => metrics.Exists(metric => line.StartsWith(metric + "{", StringComparison.Ordinal))).ToList();
        var labels = Grouping().Matches(query).SelectMany(match => match.Groups["labels"].Value.Split(',', StringSplitOptions.TrimEntries));
        return
        [
            .. metrics.Where(metric => !lines.Exists(line => line.StartsWith(metric + "{", StringComparison.Ordinal))),
            .. metrics.Count == 0 ? [$"no metric in {query}"] : Array.Empty<string>(),
            .. labels.Except(Known).Where(label => !lines.Exists(line => line.Contains(label + "=\"", StringComparison.Ordinal))),
        ];
    }

    private static List<(string Title, string Description, List<string> Queries)> Panels()
    {
        using var dashboard = JsonDocument.Parse(Repository.Read("deploy/grafana/counter.json"));
        return
        [
            .. from panel in dashboard.RootElement.GetProperty("panels").EnumerateArray()
               where panel.GetProperty("type").GetString() != "row"
               select (
                   panel.GetProperty("title").GetString()!, panel.GetProperty("description").GetString()!,
                   panel.GetProperty("targets").EnumerateArray().Select(target => target.GetProperty("expr").GetString()!).ToList()),
        ];
    }

    /// <summary>What Prometheus reads of a gateway where everything has happened that is only measured when it does.</summary>
    private static async Task<string> ScrapeAsync()
    {
        await using var gateway = await RunningGateway.StartAsync("--Metrics:Url=http://127.0.0.1:0");
        using var viewer = await gateway.ViewAsync("http://example.com/");
        var metrics = gateway.App.Services.GetRequiredService<CounterMetrics>();
        metrics.Dropped("slow");
        metrics.Refused("streams");
        metrics.RequestRefused("votes");
        metrics.RequestBroken();
        metrics.Published(1);
        metrics.Unpublished(400);
        metrics.Voted(VoteEnd.Taken);
        metrics.WebhookTried(new Outcome(200, null), TimeSpan.FromSeconds(1));
        var listener = gateway.App.Services.GetServices<IHostedService>().OfType<MetricsListener>().Single();
        return await gateway.Http.GetStringAsync(new Uri(new Uri(listener.Urls.Single()), MetricsOptions.Path), TestContext.Current.CancellationToken);
    }

    [GeneratedRegex(@"\b(counter|dotnet|kestrel|http)_\w+")]
    private static partial Regex Metric();

    [GeneratedRegex(@"\bby \((?<labels>[^)]*)\)", RegexOptions.ExplicitCapture)]
    private static partial Regex Grouping();
}
