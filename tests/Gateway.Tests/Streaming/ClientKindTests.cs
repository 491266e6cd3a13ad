using Counter.Counting.Presence;
using Counter.Gateway.Documents;
using Counter.Gateway.Settings;
using Counter.Gateway.Streaming;
using Counter.Gateway.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Xunit;

namespace Counter.Gateway.Tests.Streaming;

/// <summary>The kind of stream for a request.</summary>
public sealed class ClientKindTests : IDisposable
{
    private const string Chromium = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36";
    private const string Edge = Chromium + " Edg/156.0.0.0";
    private const string Firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0";
    private const string Safari = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15";
    private const string ChromeOfIos = "Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/156.0.0.0 Mobile/15E148 Safari/604.1";
    private const string Player = "Lavf/59.27.100";

    private readonly LogRecorder log = new();
    private readonly ILoggerFactory logging;

    public ClientKindTests() => logging = LoggerFactory.Create(builder => builder.AddProvider(log));

    public void Dispose() => logging.Dispose();

    [Theory]
    [InlineData(Chromium, "", WireProfile.Gzip, SettledBy.Padding, "Chromium 156")]
    [InlineData(Edge, "", WireProfile.Gzip, SettledBy.Padding, "Chromium 156")]
    [InlineData(Chromium, "?length=1", WireProfile.Tool, SettledBy.Itself, null)]
    [InlineData(Firefox, "", WireProfile.Browser, SettledBy.Frame, null)]
    [InlineData(Safari, "", WireProfile.Browser, SettledBy.Itself, null)]
    [InlineData(ChromeOfIos, "", WireProfile.Browser, SettledBy.Itself, null)]
    [InlineData(Player, "", WireProfile.Tool, SettledBy.Itself, null)]
    public void Browser_engines_are_detected(string agent, string query, object profile, SettledBy settles, string? browser)
    {
        var kind = Kinds().Of(Request(agent, "gzip, deflate", query));
        Assert.Equal(((WireProfile)profile, settles, browser), (kind.Profile, kind.Settles, kind.Browser));
        Assert.Equal(settles == SettledBy.Padding, kind.Padding is not null);
    }

    [Theory]
    [InlineData("gzip", true)]
    [InlineData("gzip, deflate, br, zstd", true)]
    [InlineData("deflate;q=0.5, GZIP;q=0.001", true)]
    [InlineData("x-gzip", true)]
    [InlineData("*", true)]
    [InlineData("br, *;q=0.1", true)]
    [InlineData("gzip, identity", true)]
    [InlineData("gzip;q=0.5, identity;q=0.4", true)]
    [InlineData("", false)]
    [InlineData("br", false)]
    [InlineData("identity", false)]
    [InlineData("gzip;q=0", false)]
    [InlineData("gzip;q=0.000, *", false)]
    [InlineData("*;q=0", false)]
    [InlineData("gzip;q=0.4, identity;q=0.5", false)]
    [InlineData("gzipped", false)]
    [InlineData(";;;", false)]
    public void Gzip_is_sent_to_clients_that_accept_it(string accepted, bool sent)
    {
        var kind = Kinds().Of(Request(Chromium, accepted));
        Assert.Equal(sent ? SettledBy.Padding : SettledBy.Nothing, kind.Settles);
        Assert.Equal(sent ? WireProfile.Gzip : WireProfile.Browser, kind.Profile);
        Assert.Equal(sent ? "Chromium 156" : null, kind.Browser);
    }

    [Theory]
    [InlineData("Mozilla/5.0 Chrome/9", "Chromium 9")]
    [InlineData("Mozilla/5.0 Chrome/1234.5", "Chromium 1234")]
    [InlineData("Mozilla/5.0 Chrome/0156", "Chromium 156")]
    [InlineData("Mozilla/5.0 Chrome/12345", null)]
    [InlineData("Mozilla/5.0 Chrome/", null)]
    [InlineData("Mozilla/5.0 Chrome/-1", null)]
    [InlineData("Mozilla/5.0 Chrome/\u0661", null)]
    public void The_range_of_versions_is_bounded(string agent, string? browser)
    {
        var kind = Kinds().Of(Request(agent, "gzip"));
        Assert.Equal(browser, kind.Browser);
        Assert.Equal(SettledBy.Padding, kind.Settles);
        Assert.Same(kind.Browser, Kinds().Of(Request(agent, "gzip")).Browser);
    }

    [Theory]
    [InlineData(false, SettledBy.Nothing)]
    [InlineData(true, SettledBy.Padding)]
    public void An_unknown_proxy_gets_neither_gzip_nor_padding(bool trusted, SettledBy settles)
    {
        var request = Request(Chromium, "gzip");
        request.Headers.Via = "1.1 squid";
        if (trusted)
        {
            request.Headers[ForwardedHeadersDefaults.XOriginalForHeaderName] = "10.0.0.1:1000";
        }

        Assert.Equal(settles, Kinds().Of(request).Settles);
        Assert.DoesNotContain(log.Lines, line => line.Level == LogLevel.Warning);
    }

    [Theory]
    [InlineData(StreamingOptions.Off, 1_040_000, null)]
    [InlineData(StreamingOptions.Off, 1_040_000, true)]
    [InlineData(StreamingOptions.On, 0, null)]
    [InlineData(StreamingOptions.On, 1_040_000, false)]
    public void Without_probes_streams_are_not_compressed(string probes, int bytes, bool? site)
    {
        var kind = new ClientClassifier(Options.Create(new StreamingOptions { Probes = probes, ProbeBytes = bytes }), Connections(), logging.CreateLogger<ClientClassifier>())
            .Of(Request(Chromium, "gzip"), new SiteSettings { Probes = site });
        Assert.Equal(new ClientKind(WireProfile.Browser, SettledBy.Nothing), kind);
        Assert.DoesNotContain(log.Lines, line => line.Level == LogLevel.Warning);
    }

    [Theory]
    [InlineData(Chromium, "text/event-stream", SettledBy.Padding)]
    [InlineData(Chromium, "*/*", SettledBy.Nothing)]
    [InlineData(Firefox, "text/event-stream", SettledBy.Itself)]
    [InlineData(Safari, "text/event-stream", SettledBy.Itself)]
    [InlineData(Player, "text/event-stream", SettledBy.Itself)]
    public void An_event_stream_is_settled_by_padding_only_where_the_browser_closes_it(string agent, string accept, SettledBy settles)
    {
        var request = Request(agent, "gzip");
        request.Headers.Accept = accept;
        var kind = Kinds().OfEvents(request, SiteSettings.Default);
        Assert.Equal(settles, kind.Settles);
        Assert.Equal(settles == SettledBy.Padding, kind.Profile == WireProfile.Gzip && kind.Padding is not null);
    }

    [Theory]
    [InlineData(Chromium, SettledBy.Nothing)]
    [InlineData(Firefox, SettledBy.Itself)]
    public void A_socket_is_not_settled_by_padding(string agent, SettledBy settles) =>
        Assert.Equal(settles, ClientClassifier.OfMessages(Request(agent, "gzip")).Settles);

    [Fact]
    public void A_proxy_that_removes_the_coding_is_logged_once()
    {
        var kinds = Kinds();
        kinds.Of(Request(Firefox, ""));
        kinds.Of(Request(Chromium, ""), new SiteSettings { Probes = false });
        Assert.Empty(log.Lines);
        kinds.Of(Request(Chromium, ""));
        kinds.Of(Request(Edge, "br"));
        var line = Assert.Single(log.Lines);
        Assert.Equal(LogLevel.Warning, line.Level);
        Assert.Contains("proxy_set_header Accept-Encoding", line.Text, StringComparison.Ordinal);
    }

    private ClientClassifier Kinds() => new(Options.Create(new StreamingOptions()), Connections(), logging.CreateLogger<ClientClassifier>());

    private static BrowserConnections Connections() => new(TimeProvider.System);

    private static HttpRequest Request(string agent, string accepted, string query = "")
    {
        var request = new DefaultHttpContext().Request;
        request.Headers.UserAgent = agent;
        request.QueryString = new QueryString(query);
        if (accepted.Length > 0)
        {
            request.Headers.AcceptEncoding = accepted;
        }

        return request;
    }
}
