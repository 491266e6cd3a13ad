using System.Net;
using Counter.Gateway.Tests.Admin;
using Counter.Gateway.Tests.Support;
using Counter.Gateway.Visitors;
using Xunit;

namespace Counter.Gateway.Tests.Visitors;

/// <summary>Managers of a site exclude their own browsers from its numbers.</summary>
public sealed class IgnoredBrowserTests() : AdminTest("--Proxies:Trusted=127.0.0.1")
{
    private const string Page = "https://example.com/a";
    private const string OtherPage = "https://other.example/a";

    [Fact]
    public async Task A_browser_that_opened_the_link_is_ignored_on_that_site_until_it_opts_in_again()
    {
        var (manage, _) = await MakeKeyAsync("manage", "example.com");
        var made = await ReadAsync(HttpStatusCode.OK, "POST", "/sites/www.Example.com/ignore-link", key: manage);
        Assert.Equal("2026-03-02T12:00:00+00:00", made.GetProperty("expiresAt").GetString());
        var link = new Uri(made.GetProperty("url").GetString()!);
        Assert.Equal(Gateway.Address.Authority, link.Authority);
        using var opened = await OpenAsync(link.PathAndQuery);
        Assert.Equal(HttpStatusCode.OK, opened.StatusCode);
        Assert.Contains("This browser is not counted on example.com.", await opened.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        Assert.True(opened.Headers.CacheControl!.NoStore);
        var cookie = CookieOf(opened)!.Split("; ");
        Assert.Equal("__Host-counter-ignore=example.com", cookie[0]);
        Assert.Equal(["httponly", "max-age=34560000", "path=/", "samesite=none", "secure"], cookie[1..].Where(part => !part.StartsWith("expires", StringComparison.Ordinal)).Order());

        using var picture = await ViewAsync(Page, cookie[0]);
        using var frame = await Gateway.OpenAsync("/online.png?site=example.com&page=/a", [.. Secure, "User-Agent: Mozilla/5.0 x", "Cookie: " + cookie[0]]);
        using var other = await ViewAsync(OtherPage, cookie[0]);
        await Gateway.WaitForCountAsync(OtherPage, 1);
        Assert.Equal((200, 200, 0), (picture.Status, frame.Status, await Gateway.CountAsync(Page)));
        using var reader = await ViewAsync(Page, "counter=x");
        await Gateway.WaitForCountAsync(Page, 1);

        // Another site is added; taking one back leaves the other.
        var second = new Uri((await ReadAsync(HttpStatusCode.OK, "POST", "/sites/other.example/ignore-link")).GetProperty("url").GetString()!);
        using var both = await OpenAsync(second.PathAndQuery, cookie[0]);
        Assert.StartsWith("__Host-counter-ignore=other.example%2Fexample.com;", CookieOf(both), StringComparison.Ordinal);
        using var back = await OpenAsync("/?site=example.com&ignore=off", CookieOf(both)!.Split(';')[0]);
        Assert.StartsWith("__Host-counter-ignore=other.example;", CookieOf(back), StringComparison.Ordinal);
        using var none = await OpenAsync("/?site=other.example&ignore=off", CookieOf(back)!.Split(';')[0]);
        Assert.Contains("max-age=0", CookieOf(none), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/?site=other.example&ignore={0}")]
    [InlineData("/?ignore={0}")]
    [InlineData("/?site=example.com&ignore=")]
    [InlineData("/?site=example.com&ignore=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("/?site=%3Cscript%3E&ignore={0}")]
    [InlineData("/?site=example.com&ignore={0}&ignore=x")]
    public async Task An_invalid_link_sets_no_cookie(string address)
    {
        var token = (await ReadAsync(HttpStatusCode.OK, "POST", "/sites/example.com/ignore-link")).GetProperty("url").GetString()!.Split("ignore=")[1];
        await AssertRefusedAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, address, token), "This link is not valid.");
    }

    [Fact]
    public async Task A_link_is_valid_for_a_day_over_HTTPS_and_only_as_a_page()
    {
        var link = new Uri((await ReadAsync(HttpStatusCode.OK, "POST", "/sites/example.com/ignore-link")).GetProperty("url").GetString()!).PathAndQuery;
        await AssertRefusedAsync(link, "This link is not valid.", "Sec-Fetch-Dest: image");
        await AssertRefusedAsync(link, "This link is not valid.", "Sec-Fetch-Dest: iframe");
        await AssertRefusedAsync(link, "This link needs HTTPS.", "X-Forwarded-Proto: http");
        Gateway.Clock.Jump(IgnoredBrowsers.LinkLifetime);
        await AssertRefusedAsync(link, "This link is not valid.");
    }

    [Fact]
    public async Task An_invalid_cookie_ignores_no_browser()
    {
        foreach (var value in new[] { "", "%2F", "example", "*", "EXAMPLE.COM", new string('x', 3001) + "%2Fexample.com" })
        {
            using var reader = await ViewAsync(Page, "__Host-counter-ignore=" + value);
            await Gateway.WaitForCountAsync(Page, 1);
            reader.Dispose();
            await Gateway.WaitForCountAsync(Page, 0);
        }
    }

    [Fact]
    public async Task An_extra_host_of_a_site_has_no_link_of_its_own()
    {
        await ReadAsync(HttpStatusCode.Created, "PUT", "/sites/example.com", new { hosts = new[] { "shop.example.com" } });
        await ReadAsync(HttpStatusCode.Conflict, "POST", "/sites/shop.example.com/ignore-link");
    }

    private static string[] Secure => ["X-Forwarded-For: 127.0.0.5", "X-Forwarded-Proto: https"];

    private Task<RawClient> ViewAsync(string page, string cookie) => Gateway.OpenAsync(
        "/online.png", [.. Secure, "Referer: " + page, "User-Agent: Mozilla/5.0 " + cookie.GetHashCode(StringComparison.Ordinal), "Accept: image/*", "Sec-Fetch-Dest: image", "Cookie: " + cookie]);

    private async Task<HttpResponseMessage> OpenAsync(string address, string? cookie = null, string? header = null)
    {
        using var client = new HttpClient(new HttpClientHandler { UseCookies = false }) { BaseAddress = Gateway.Address };
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        string[] headers = [.. Secure.Where(other => other.Split(':')[0] != header?.Split(':')[0]), .. header is null ? Array.Empty<string>() : [header], .. cookie is null ? Array.Empty<string>() : ["Cookie: " + cookie]];
        foreach (var (name, value) in headers.Select(line => line.Split(": ")).Select(parts => (parts[0], parts[1])))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await client.SendAsync(request, Cancelled);
    }

    private async Task AssertRefusedAsync(string address, string sentence, string? header = null)
    {
        using var answer = await OpenAsync(address, header: header);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Null(CookieOf(answer));
        Assert.Contains(sentence, await answer.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
    }

    private static string? CookieOf(HttpResponseMessage answer) =>
        answer.Headers.TryGetValues("Set-Cookie", out var cookies) ? Assert.Single(cookies) : null;
}
