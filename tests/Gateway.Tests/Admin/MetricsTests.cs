using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Counter.Gateway.Tests.Support;
using Counter.Grains.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace Counter.Gateway.Tests.Admin;

/// <summary>Prometheus reads the metrics at the gateway's address with the operator's key, and at an address of their own.</summary>
public sealed partial class MetricsTests() : AdminTest(
    "--Metrics:OnMainPort=true", "--Metrics:Url=http://127.0.0.1:0", "--Webhooks:AllowPrivateAddresses=true", "--Limits:ExemptPrivateAddresses=false",
    "--Limits:StreamsPerAddress=1", "--Limits:VotesPerMinute=1")
{
    [Fact]
    public async Task Metrics_count_events_and_have_no_page_or_address()
    {
        using var viewer = await Gateway.ViewAsync("http://secret.example/secret-page", agent: "Secretive");
        using var refused = await Gateway.ViewAsync("http://secret.example/secret-page", agent: "Secretive");
        foreach (var status in (HttpStatusCode[])[HttpStatusCode.NoContent, HttpStatusCode.TooManyRequests])
        {
            using var vote = new HttpRequestMessage(HttpMethod.Post, "/react/secret-poll?site=secret.example&page=/secret-page");
            vote.Content = new FormUrlEncodedContent([new("answer", "👍")]);
            vote.Headers.Add("Origin", "http://secret.example");
            using var voted = await Gateway.Http.SendAsync(vote, Cancelled);
            Assert.Equal(status, voted.StatusCode);
        }

        using var picture = new ByteArrayContent(await Gateway.PreviewAsync("n=1", "jpg"));
        using var publish = new HttpRequestMessage(HttpMethod.Put, "/relay/secret-cam") { Content = picture };
        publish.Headers.Authorization = new AuthenticationHeaderValue("Bearer", RunningGateway.OperatorKey);
        using var published = await Gateway.Http.SendAsync(publish, Cancelled);
        Assert.Equal(HttpStatusCode.NoContent, published.StatusCode);

        // Nothing listens there.
        await ReadAsync(HttpStatusCode.Created, "PUT", "/sites/secret.example/webhooks/secret-hook", new { url = "http://127.0.0.1:1/secret", over = 7 });
        await ReadAsync(HttpStatusCode.OK, "POST", "/sites/secret.example/webhooks/secret-hook/test");

        var text = await Gateway.Http.GetStringAsync(OwnAddress(), Cancelled);
        Assert.All(
            [
                "counter_streams_active{}", "counter_viewers_active{}", "counter_joins_total{}", "counter_frames_sent_total{}",
                "counter_frames_io_bytes_total{}", "counter_streams_refused_total{limit=\"address\"}", "counter_requests_refused_total{limit=\"votes\"}",
                "counter_votes_total{result=\"taken\"}", "counter_relay_frames_published_total{}", "counter_relay_frames_io_bytes_total{}",
                "counter_webhook_duration_seconds_count{outcome=\"unanswered\"}",
                "counter_report_duration_seconds_count{}", "counter_cluster_connected{}", "dotnet_process_cpu_time_seconds_total{cpu_mode=\"user\"}",
                "dotnet_process_memory_working_set_bytes{}",
            ],
            series => Assert.Contains(series, Series(text)));
        Assert.DoesNotContain("secret", text, StringComparison.OrdinalIgnoreCase);
        Assert.Subset(
            new HashSet<string> { "cpu_mode", "format", "ground", "le", "limit", "outcome", "reason", "result", "settled_by", "style" },
            Label().Matches(string.Join('\n', Series(text).Where(series => series.StartsWith("counter_", StringComparison.Ordinal))))
                .Select(label => label.Groups["name"].Value).ToHashSet());
    }

    [Fact]
    public async Task At_the_gateway_s_address_metrics_need_the_operator_s_key()
    {
        var (manage, _) = await MakeKeyAsync("manage", "mine.example");
        foreach (var (key, status) in new[] { (null, HttpStatusCode.Unauthorized), ("wrong", HttpStatusCode.Unauthorized), (manage, HttpStatusCode.Forbidden) })
        {
            using var answer = await AskAsync(key);
            Assert.Equal(status, answer.StatusCode);
            Assert.DoesNotContain("counter_streams", await answer.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        }

        using var metrics = await AskAsync(RunningGateway.OperatorKey);
        Assert.Equal((HttpStatusCode.OK, "text/plain"), (metrics.StatusCode, metrics.Content.Headers.ContentType?.MediaType));
        Assert.Contains("counter_streams_active", await metrics.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/online.png?site=example.com")]
    [InlineData("/health/ready")]
    [InlineData("/api/v1/totals")]
    public async Task Their_own_address_serves_nothing_else(string path)
    {
        using var answer = await Gateway.Http.GetAsync(new Uri(OwnAddress(), path), Cancelled);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task Metrics_are_off_by_default()
    {
        await using var gateway = await RunningGateway.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", RunningGateway.OperatorKey);
        using var answer = await gateway.Http.SendAsync(request, Cancelled);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Theory]
    [InlineData("nowhere")]
    [InlineData("9464")]
    [InlineData("http://localhost:port")]
    [InlineData("http://localhost:9464/metrics")]
    [InlineData("https://localhost:9464")]
    [InlineData("http://localhost:99999")]
    [InlineData("http://ip6-localhost:9464")]
    [InlineData("http://somebody@localhost:9464")]
    public async Task An_invalid_metrics_address_stops_the_start(string url)
    {
        var wrong = await Assert.ThrowsAsync<SettingException>(() => RunningGateway.StartAsync("--Metrics:Url=" + url));
        Assert.Equal($"Metrics:Url is '{url}'; allowed is an address such as http://localhost:9464 or http://*:9464.", wrong.Message);
    }

    [Fact]
    public async Task A_metrics_address_in_use_stops_the_start()
    {
        var taken = OwnAddress().GetLeftPart(UriPartial.Authority);
        var wrong = await Assert.ThrowsAsync<IOException>(() => RunningGateway.StartAsync("--Metrics:Url=" + taken));
        Assert.Contains("address already in use", wrong.Message, StringComparison.Ordinal);
    }

    private async Task<HttpResponseMessage> AskAsync(string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
        return await Gateway.Http.SendAsync(request, Cancelled);
    }

    private Uri OwnAddress() =>
        new(new Uri(Gateway.App.Services.GetServices<IHostedService>().OfType<MetricsListener>().Single().Urls.Single()), "/metrics");

    /// <summary>The names of what was read, with labels but those of the meter.</summary>
    private static List<string> Series(string text) =>
    [
        .. from line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
           where line[0] != '#'
           let match = Line().Match(line)
           let labels = match.Groups["labels"].Value.Split(',').Where(label => label.Length > 0 && !label.StartsWith("otel_", StringComparison.Ordinal))
           select $"{match.Groups["name"].Value}{{{string.Join(',', labels)}}}",
    ];

    [GeneratedRegex("^(?<name>[a-z_]+)({(?<labels>[^}]*)})? ", RegexOptions.ExplicitCapture)]
    private static partial Regex Line();

    [GeneratedRegex("[{,](?<name>[a-z_]+)=", RegexOptions.ExplicitCapture)]
    private static partial Regex Label();
}
