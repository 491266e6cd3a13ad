using System.Net.WebSockets;
using Counter.Gateway.Tests.Support;
using Counter.Gateway.Visitors;
using Xunit;

namespace Counter.Gateway.Tests.Visitors;

/// <summary>Requests of bots and prefetches get one still picture and do not count.</summary>
public sealed class BotDetectorTests : IAsyncLifetime
{
    private const string Page = "http://example.com/a";
    private const string Query = "?site=example.com&page=/a";
    private const string Googlebot = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";

    private RunningGateway gateway = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => gateway = await RunningGateway.StartAsync();

    public ValueTask DisposeAsync() => gateway.DisposeAsync();

    [Theory]
    [InlineData("Sec-Purpose: prefetch")]
    [InlineData("Sec-Purpose: prefetch;anonymous-client-ip")]
    [InlineData("Purpose: prefetch")]
    [InlineData("X-Moz: prefetch")]
    [InlineData("User-Agent: github-camo (1a2b3c4d)")]
    [InlineData("User-Agent: Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)")]
    [InlineData("User-Agent: YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html")]
    [InlineData("User-Agent: Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)")]
    [InlineData("User-Agent: Slack-ImgProxy (+https://api.slack.com/robots)")]
    [InlineData("User-Agent: Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)")]
    [InlineData("User-Agent: TelegramBot (like TwitterBot)")]
    [InlineData("User-Agent: facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)")]
    [InlineData("User-Agent: facebookexternalhit/1.1")]
    [InlineData("User-Agent: Twitterbot/1.0")]
    [InlineData("User-Agent: LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)")]
    [InlineData("User-Agent: WhatsApp/2.23.20.0")]
    [InlineData("User-Agent: Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) SkypeUriPreview Preview/0.5 skype-url-preview@microsoft.com")]
    [InlineData("User-Agent: http.rb/5.1.1 (Mastodon/4.2.1; +https://mastodon.example/)")]
    [InlineData("User-Agent: " + Googlebot)]
    [InlineData("User-Agent: Googlebot-Image/1.0")]
    [InlineData("User-Agent: Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X Build/MMB29P) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)")]
    [InlineData("User-Agent: Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm) Chrome/126.0.0.0 Safari/537.36")]
    [InlineData("User-Agent: Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)")]
    [InlineData("User-Agent: Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)")]
    [InlineData("User-Agent: Mozilla/5.0 (compatible; Yahoo! Slurp; http://help.yahoo.com/help/us/ysearch/slurp)")]
    [InlineData("User-Agent: Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)")]
    [InlineData("User-Agent: Pinterest/0.2 (+https://www.pinterest.com/bot.html)")]
    [InlineData("User-Agent: Mozilla/5.0 (compatible; SomeNewIndexer/1.0; +https://indexer.example/about)")]
    [InlineData("User-Agent: some-crawler/0.1")]
    public async Task Bots_get_a_briefly_cacheable_still_and_appear_only_in_metrics(string header)
    {
        using var fetcher = await gateway.OpenAsync("/online.png", "Referer: " + Page, "Sec-Fetch-Dest: image", header);
        Assert.Equal(200, fetcher.Status);
        Assert.Contains("Content-Type: image/png\r\n", fetcher.Head, StringComparison.Ordinal);
        Assert.Contains(header.Contains("prefetch", StringComparison.Ordinal) ? "Cache-Control: no-store" : "Cache-Control: private, max-age=10\r\n", fetcher.Head, StringComparison.Ordinal);
        Assert.Contains("Content-Length: ", fetcher.Head, StringComparison.Ordinal);
        Assert.Equal((0, 0, 0, 1), await gateway.ExplainAsync(Page));
        Assert.Equal(0, await gateway.CountAsync(Page, "&count=visitors"));
    }

    [Theory]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36")]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/156.0.0.0 Safari/537.36")]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1")]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36 Edg/156.0.0.0")]
    [InlineData("Mozilla/5.0 (Linux; Android 14; SAMSUNG SM-S918B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36")]
    [InlineData("Mozilla/5.0 (Linux; Android 11; CUBOT X30) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36")]
    [InlineData("Mozilla/5.0 (Linux; Android 9; CUBOT) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 [FBAN/FBIOS;FBAV/520.0.0.38.101;FBDV/iPhone16,2]")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 Twitter for iPhone/10.94")]
    [InlineData("Mozilla/5.0 (Linux; Android 14; Pixel 8 Build/UD1A; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/126.0.0.0 Mobile Safari/537.36 [LinkedInApp]/4.1.950")]
    public async Task Browsers_are_no_bots(string agent)
    {
        using var viewer = await gateway.OpenAsync("/online.png?own=1", "Referer: " + Page, "User-Agent: " + agent, "Sec-Fetch-Dest: image");
        await viewer.ReadPreambleAsync();
        await viewer.ReadFrameAsync();
        Assert.Equal((1, 1, 0, 0), await gateway.ExplainAsync(Page));
    }

    [Theory]
    [InlineData("PHP/8.3")]
    [InlineData("Python-urllib/3.11")]
    [InlineData("curl/8.14.1")]
    [InlineData("Wget/1.25.0")]
    [InlineData("Go-http-client/1.1")]
    [InlineData("Camo Asset Proxy 2.3.0")]
    [InlineData("go-camo (camo)")]
    [InlineData("Photon/1.0")]
    [InlineData("Tweakers Image Proxy")]
    [InlineData("pict-rs v0.5.16")]
    [InlineData("Mozilla/5.0 (compatible; ImageFetcher/9.0; +http://images.weserv.nl/)")]
    [InlineData("")]
    public async Task Fetching_servers_get_a_still_also_without_a_page(string agent)
    {
        foreach (var path in new[] { "/online.png" + Query, "/online.png?page=/topic/17", "/online/chart.png" + Query, "/react/like.png" + Query + "&options=A,B" })
        {
            using var fetcher = await gateway.OpenAsync(path, agent.Length == 0 ? "Accept: */*" : "User-Agent: " + agent);
            Assert.Equal(200, fetcher.Status);
            Assert.Contains("Content-Type: image/png\r\n", fetcher.Head, StringComparison.Ordinal);
            Assert.Contains("Content-Length: ", fetcher.Head, StringComparison.Ordinal);
        }

        Assert.Equal(0, await gateway.CountAsync(Page));
    }

    [Theory]
    [InlineData("Lavf/59.27.100", "")]
    [InlineData("GStreamer souphttpsrc 1.22.0 libsoup/3.2.2", "")]
    [InlineData("VLC/3.0.21 LibVLC/3.0.21", "")]
    [InlineData("HomeAssistant/2026.5.1 aiohttp/3.12.0 Python/3.13", "")]
    [InlineData("Go-http-client/1.1", "&length=1")]
    public async Task Players_get_the_stream_and_count(string agent, string parameters)
    {
        using var player = await gateway.OpenAsync("/online.jpg" + Query + parameters, "User-Agent: " + agent);
        Assert.Contains("multipart/x-mixed-replace", player.Head, StringComparison.Ordinal);
        await gateway.WaitForCountAsync(Page, 1);
    }

    [Fact]
    public async Task A_client_that_accepts_endless_pictures_gets_a_stream()
    {
        using var player = await gateway.OpenAsync("/online.jpg" + Query, "User-Agent: camera-viewer", "Accept: multipart/x-mixed-replace");
        Assert.Contains("multipart/x-mixed-replace", player.Head, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_listed_crawler_is_a_bot()
    {
        var agents = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "crawlers.txt"));
        Assert.True(agents.Length > 2000);
        Assert.DoesNotContain(agents, agent => !CrawlerAgents.Matches(agent));
    }

    [Fact]
    public async Task Event_streams_and_sockets_of_bots_do_not_count()
    {
        using var events = await gateway.OpenAsync("/online/events" + Query, "User-Agent: " + Googlebot);
        Assert.EndsWith("\ndata: {\"viewers\":0,\"live\":true}\n\n", System.Text.Encoding.UTF8.GetString(await events.ReadBodyUntilAsync("}\n\n")));
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("User-Agent", Googlebot);
        await socket.ConnectAsync(new UriBuilder(gateway.Address) { Scheme = "ws", Path = "/online/ws", Query = Query }.Uri, Cancelled);
        var message = socket.ReceiveAsync(new byte[256], Cancelled);
        await gateway.AdvanceUntilAsync(() => message.IsCompleted, "the first message");
        Assert.Equal((0, 0, 0, 2), await gateway.ExplainAsync(Page));
    }

    [Fact]
    public async Task The_still_shows_the_current_number()
    {
        using var viewer = await gateway.ViewAsync(Page);
        await viewer.ReadPreambleAsync();
        await viewer.ReadFrameAsync();
        using var fetcher = await gateway.OpenAsync("/online.png", "Referer: " + Page, "User-Agent: " + Googlebot, "Connection: close");
        Assert.Equal(await gateway.PreviewAsync("n=1"), await fetcher.ReadToEndAsync());
    }
}
