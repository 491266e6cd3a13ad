using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Counter.Gateway.Tests.Support;
using Xunit;

namespace Counter.Gateway.Tests.Embedding;

/// <summary>The pages as a browser gets them.</summary>
public sealed partial class PageTests : IAsyncLifetime
{
    private const string Hostile = "\"><script>alert(1)</script>";

    private RunningGateway gateway = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => gateway = await RunningGateway.StartAsync();

    public ValueTask DisposeAsync() => gateway.DisposeAsync();

    [Theory]
    [InlineData("/")]
    [InlineData("/index.html")]
    [InlineData("/?format=gif&size=NaN&count=all&theme=auto")]
    [InlineData("/embed")]
    [InlineData("/embed?size=1e9")]
    public async Task Pages_run_only_their_own_scripts(string path)
    {
        using var answer = await gateway.Http.GetAsync(path, Cancelled);
        var html = await answer.Content.ReadAsStringAsync(Cancelled);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/html; charset=utf-8", answer.Content.Headers.ContentType?.ToString());
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.False(answer.Headers.Contains("X-Frame-Options"));
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.StartsWith("default-src 'none'; ", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        foreach (Match inline in Inline().Matches(html))
        {
            var hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(inline.Groups["text"].Value)));
            Assert.Contains($"{inline.Groups["tag"].Value}-src 'sha256-{hash}'", policy, StringComparison.Ordinal);
        }

        Assert.DoesNotMatch("(?i)\\son[a-z]+=|\\sstyle=", Inline().Replace(WithoutTexts().Replace(html, ""), ""));
    }

    [Theory]
    [InlineData("/embed/poll/tea?site=example.com&page=/", HttpStatusCode.BadRequest)]
    [InlineData("/react/like", HttpStatusCode.Forbidden)]
    [InlineData("/poll/tea", HttpStatusCode.Forbidden)]
    [InlineData("/online.png", HttpStatusCode.Forbidden)]
    public async Task An_unknown_address_is_a_page_for_browsers_and_problem_details_for_programs(string address, HttpStatusCode status)
    {
        foreach (var (accept, type) in new[] { ("text/html,application/xhtml+xml,*/*;q=0.8", "text/html"), ("*/*", "application/problem+json") })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.TryAddWithoutValidation("Accept", accept);
            using var answer = await gateway.Http.SendAsync(request, Cancelled);
            Assert.Equal((status, type), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        }
    }

    [Fact]
    public async Task The_robots_file_excludes_pictures()
    {
        var robots = await gateway.Http.GetStringAsync("/robots.txt", Cancelled);
        Assert.StartsWith("User-agent: *\nDisallow: /api/\n", robots, StringComparison.Ordinal);
        Assert.Contains("Disallow: /online\n", robots, StringComparison.Ordinal);
        Assert.DoesNotContain("Disallow: /\n", robots, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_tables_the_game_is_not_linked()
    {
        await using var without = await RunningGateway.StartAsync("--Play:Tables=0");
        using var lobby = await without.Http.GetAsync("/play", Cancelled);
        Assert.Equal(HttpStatusCode.NotFound, lobby.StatusCode);
        Assert.DoesNotContain("<form", await lobby.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        using var begun = await without.Http.PostAsync("/play", null, Cancelled);
        Assert.Equal(HttpStatusCode.NotFound, begun.StatusCode);
    }

    [Fact]
    public async Task Only_the_embed_may_be_framed()
    {
        Assert.EndsWith("frame-ancestors *", await PolicyAsync("/embed"), StringComparison.Ordinal);
        Assert.EndsWith("frame-ancestors 'none'", await PolicyAsync("/"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/?")]
    [InlineData("/embed?")]
    public async Task Hostile_values_are_never_markup(string path)
    {
        string[] names = ["format", "site", "page", "count", "label", "one", "color", "background", "font", "size", "padding", "scale",
            "short", "theme", "minwidth", "locale", "bogus"];
        foreach (var name in names)
        {
            var html = await gateway.Http.GetStringAsync($"{path}{name}={Uri.EscapeDataString(Hostile)}", Cancelled);
            Assert.DoesNotContain("<script>alert", html, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("\"><script", html, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public async Task An_invalid_form_is_returned_with_its_values_and_problems()
    {
        var html = await gateway.Http.GetStringAsync("/?label=Hier%3A+{n}&size=900&format=svg&page=%2Fx", Cancelled);
        Assert.Matches("<input id=\"f-label\"[^>]* value=\"Hier: \\{n\\}\"", html);
        Assert.Matches("<input id=\"f-size\"[^>]* value=\"900\"[^>]* aria-invalid=\"true\"", html);
        Assert.Contains("<p class=\"error\" id=\"e-size\" data-live>A whole number from 8 to 64.</p>", html, StringComparison.Ordinal);

        // The picture and the snippets leave out what is wrong and keep what is right.
        Assert.Contains("[img]" + gateway.Address + "online.svg?page=/x&amp;label=Hier%3A%20%7Bn%7D[/img]", html, StringComparison.Ordinal);
        Assert.Matches("id=\"preview\"[^>]* src=\"/online.svg\\?page=/&amp;watch=1&amp;label=Hier%3A%20%7Bn%7D&amp;visit=", html);
    }

    [Theory]
    [InlineData("good.example:8443", "http://good.example:8443/online.png")]
    [InlineData("[::1]:9192", "http://[::1]:9192/online.png")]
    public async Task Snippets_have_the_host_of_the_request(string host, string url)
    {
        using var client = await RawClient.ConnectAsync(gateway.Address, $"GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        var answer = Encoding.UTF8.GetString(await client.ReadToEndAsync());
        Assert.Contains($"[img]{url}[/img]", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.example)[/img]")]
    [InlineData("a.example\"><script>")]
    [InlineData("user:word@a.example")]
    [InlineData("a'(b)$!.example")]
    [InlineData("")]
    public async Task An_invalid_host_is_in_no_snippet(string host)
    {
        using var client = await RawClient.ConnectAsync(gateway.Address, $"GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        var answer = Encoding.UTF8.GetString(await client.ReadToEndAsync());
        Assert.True(
            answer.StartsWith("HTTP/1.1 400", StringComparison.Ordinal)
            || answer.Contains("[img]http://counter.example/online.png[/img]", StringComparison.Ordinal), answer);
    }

    [Fact]
    public async Task The_embed_passes_its_page_to_the_picture()
    {
        Assert.Contains("data-picture=\"/online.svg?site=example.com&amp;page=/a&amp;color=red&amp;visit=", await EmbedAsync("?format=svg&color=red&page=/a", "https://www.example.com/"), StringComparison.Ordinal);
        Assert.Contains("data-picture=\"/online.png?site=example.com&amp;page=/b/c?d%3D1&amp;visit=".Replace("?d", "%3Fd", StringComparison.Ordinal), await EmbedAsync("", "https://example.com/b/c?d=1"), StringComparison.Ordinal);
        Assert.Contains("data-picture=\"/online.png?site=example.net&amp;page=/&amp;count=site&amp;visit=", await EmbedAsync("?site=example.net&count=site", "https://example.com/b"), StringComparison.Ordinal);

        // Nobody knows the page: the picture is asked for without one, and shows how to embed.
        Assert.Contains("data-picture=\"/online.png?visit=", await EmbedAsync("", null), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_embed_passes_watch_and_still_to_the_picture()
    {
        var frame = await EmbedAsync("?watch=1&live=0", "https://example.com/a");
        Assert.Contains("data-picture=\"/online.png?site=example.com&amp;page=/a&amp;watch=1&amp;live=0&amp;visit=", frame, StringComparison.Ordinal);
        Assert.Contains("url=/embed?site=example.com&amp;page=/a&amp;watch=1&amp;live=0&amp;refresh=", frame, StringComparison.Ordinal);
        Assert.DoesNotContain("watch", await EmbedAsync("?watch=0&live=1", "https://example.com/a"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_embed_reconnects_without_script()
    {
        // Firefox stops the clock of an SVG where scripts are off, so its frame reloads itself, and says which page it is on.
        var elsewhere = await EmbedAsync("?refresh=20", "https://example.com/");
        Assert.Contains("<noscript><meta http-equiv=\"refresh\" content=\"20; url=/embed?site=example.com&amp;page=/&amp;refresh=20\" /></noscript>", elsewhere, StringComparison.Ordinal);

        var html = await EmbedAsync("?label=Hier%3A+{n}&scale=2", "https://example.com/", "Mozilla/5.0 Chrome/156.0.0.0");
        var plain = NoScript().Match(html).Value;
        Assert.Contains("aria-label=\"Hier\"", plain, StringComparison.Ordinal);
        Assert.Contains("transform=\"scale(0.5)\"", plain, StringComparison.Ordinal);
        var urls = Regex.Matches(plain, "(?:href|to)=\"([^\"]+)\"").Select(match => match.Groups[1].Value).ToArray();
        Assert.Equal(3, urls.Distinct().Count());
        foreach (var url in urls)
        {
            using var answer = await gateway.Http.GetAsync(WebUtility.HtmlDecode(url) + "&live=0", Cancelled);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    [Theory]
    [InlineData("text/html,application/xhtml+xml,*/*;q=0.8", "text/html")]
    [InlineData("*/*", "application/problem+json")]
    [InlineData("application/json", "application/problem+json")]
    [InlineData("image/png", "application/problem+json")]
    public async Task A_missing_page_is_reported_in_the_requested_format(string accept, string type)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/no/such/page.php");
        request.Headers.Add("Accept", accept);
        using var answer = await gateway.Http.SendAsync(request, Cancelled);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal(type, answer.Content.Headers.ContentType?.MediaType);
        if (type == "text/html")
        {
            Assert.Contains("<a class=\"action\" href=\"/\">", await answer.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
            Assert.True(answer.Headers.Contains("Content-Security-Policy"));
        }
    }

    [Fact]
    public async Task Head_has_the_headers_and_no_body()
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, "/");
        using var answer = await gateway.Http.SendAsync(request, Cancelled);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.True(answer.Content.Headers.ContentLength > 1000);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync(Cancelled));
    }

    private async Task<string> PolicyAsync(string path)
    {
        using var answer = await gateway.Http.GetAsync(path, Cancelled);
        return answer.Headers.GetValues("Content-Security-Policy").Single();
    }

    private async Task<string> EmbedAsync(string query, string? referer, string agent = "Mozilla/5.0 Gecko/20100101 Firefox/153.0")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/embed" + query);
        request.Headers.Referrer = referer is null ? null : new Uri(referer);
        request.Headers.UserAgent.ParseAdd(agent);
        using var answer = await gateway.Http.SendAsync(request, Cancelled);
        Assert.Equal("no-referrer", answer.Headers.GetValues("Referrer-Policy").Single());
        return await answer.Content.ReadAsStringAsync(Cancelled);
    }

    [GeneratedRegex("<(?<tag>script|style)[^>]*>(?<text>.*?)</\\k<tag>>", RegexOptions.Singleline)]
    private static partial Regex Inline();

    [GeneratedRegex("<textarea.*?</textarea>", RegexOptions.Singleline)]
    private static partial Regex WithoutTexts();

    [GeneratedRegex("<noscript>.*?</noscript>", RegexOptions.Singleline)]
    private static partial Regex NoScript();
}
