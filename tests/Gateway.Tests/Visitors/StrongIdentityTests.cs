using System.Net;
using Counter.Gateway.Tests.Support;
using Xunit;

namespace Counter.Gateway.Tests.Visitors;

/// <summary>Where the gateway terminates TLS itself, the cookie and the HTTP/2 connection identify browsers.</summary>
public sealed class StrongIdentityTests : IAsyncLifetime
{
    private const string A = "https://example.com/a";
    private const string B = "https://example.com/b";
    private const string CookieA = "https://cookie.example/a";
    private const string CookieB = "https://cookie.example/b";

    private readonly Certificate certificate = new();
    private RunningGateway gateway = null!;

    public async ValueTask InitializeAsync() =>
        gateway = await RunningGateway.StartAsync([.. certificate.Settings, "--Identity:CookieSites=www.cookie.example, other.example"]);

    public async ValueTask DisposeAsync()
    {
        await gateway.DisposeAsync();
        certificate.Dispose();
    }

    [Fact]
    public async Task Opening_the_same_page_again_on_one_connection_is_the_same_viewer()
    {
        using var browser = new SecureBrowser(gateway, HttpVersion.Version20);
        using var first = await browser.ViewAsync(A);
        using var second = await browser.ViewAsync(A);
        Assert.Equal((1, 1), (await browser.CountAsync(A), await browser.CountAsync(A, "&count=visitors")));
        using var third = await browser.ViewAsync(B);
        Assert.Equal((0, 1, 1), (await browser.CountAsync(A), await browser.CountAsync(B), await browser.CountAsync(A, "&count=site")));
    }

    [Fact]
    public async Task Two_connections_with_equal_address_and_agent_are_two_viewers()
    {
        using var ada = new SecureBrowser(gateway, HttpVersion.Version20);
        using var ben = new SecureBrowser(gateway, HttpVersion.Version20);
        using var first = await ada.ViewAsync(A);
        using var second = await ben.ViewAsync(A);
        using var third = await ben.ViewAsync(B);
        Assert.Equal((1, 1, 2), (await ada.CountAsync(A), await ada.CountAsync(B), await ada.CountAsync(A, "&count=visitors")));
    }

    [Fact]
    public async Task The_cookie_is_for_the_browser_session_and_for_this_site_only()
    {
        using var browser = new SecureBrowser(gateway, HttpVersion.Version11);
        using var answer = await browser.ViewAsync(CookieA);
        var parts = CookieOf(answer)!.Split("; ");
        Assert.Matches("^counter=[A-Za-z0-9_-]{22}$", parts[0]);

        // A path of /online would not match /online.png: a cookie's path ends at a slash (RFC 6265, 5.1.4).
        Assert.Equal(["HttpOnly", "Partitioned", "SameSite=None", "Secure", "path=/"], parts[1..].Select(Spell).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("https://example.com/a", false)]
    [InlineData("https://cookie.example/a", true)]
    [InlineData("https://www.cookie.example/a", true)]
    [InlineData("https://other.example/a", true)]
    [InlineData("https://sub.other.example/a", false)]
    public async Task Only_sites_with_the_setting_get_the_cookie(string page, bool cookie)
    {
        using var browser = new SecureBrowser(gateway, HttpVersion.Version20);
        using var answer = await browser.ViewAsync(page);
        Assert.Equal(cookie, CookieOf(answer) is not null);
    }

    [Fact]
    public async Task Without_TLS_no_cookie_is_set_or_read()
    {
        await using var plain = await RunningGateway.StartAsync("--Identity:CookieSites=cookie.example");
        string[] headers = ["User-Agent: Mozilla/5.0", "Cookie: counter=" + new string('A', 22)];
        using var first = await plain.OpenAsync("/online.png", ["Referer: http://cookie.example/a", .. headers]);
        using var second = await plain.OpenAsync("/online.png", ["Referer: http://cookie.example/a", .. headers]);
        Assert.DoesNotContain("Set-Cookie", first.Head, StringComparison.OrdinalIgnoreCase);
        await plain.WaitForCountAsync("http://cookie.example/a", 2);
    }

    [Fact]
    public async Task A_returned_cookie_identifies_the_first_view_as_well()
    {
        using var browser = new SecureBrowser(gateway, HttpVersion.Version11);
        using var first = await browser.ViewAsync(CookieA);
        using var second = await browser.ViewAsync(CookieB, ValueOf(first));
        Assert.Null(CookieOf(second));
        Assert.Equal((0, 1, 1), (await browser.CountAsync(CookieA), await browser.CountAsync(CookieB), await browser.CountAsync(CookieA, "&count=visitors")));
        using var third = await browser.ViewAsync(CookieB, ValueOf(first));
        Assert.Equal(1, await browser.CountAsync(CookieB));
    }

    [Fact]
    public async Task Cookies_distinguish_two_browsers_behind_one_address()
    {
        using var browser = new SecureBrowser(gateway, HttpVersion.Version11);
        using var ada = await browser.ViewAsync(CookieA);
        using var ben = await browser.ViewAsync(CookieA);
        using var moved = await browser.ViewAsync(CookieB, ValueOf(ben));
        Assert.Equal((1, 1, 2), (await browser.CountAsync(CookieA), await browser.CountAsync(CookieB), await browser.CountAsync(CookieA, "&count=visitors")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("short")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAA+/")]
    [InlineData("%41AAAAAAAAAAAAAAAAAAAA")]
    public async Task A_forged_cookie_is_ignored_and_replaced(string forged)
    {
        using var browser = new SecureBrowser(gateway, HttpVersion.Version11);
        using var first = await browser.ViewAsync(CookieA, forged);
        using var second = await browser.ViewAsync(CookieA, forged);
        Assert.NotNull(CookieOf(first));
        Assert.NotNull(CookieOf(second));

        // A weak identity cannot distinguish one page opened twice.
        Assert.Equal(2, await browser.CountAsync(CookieA));
    }

    [Fact]
    public async Task A_cookie_of_another_site_is_ignored()
    {
        using var browser = new SecureBrowser(gateway, HttpVersion.Version11);
        using var first = await browser.ViewAsync(CookieA);
        using var elsewhere = await browser.ViewAsync("https://other.example/a", ValueOf(first));
        Assert.Equal((1, 1), (await browser.CountAsync(CookieA), await browser.CountAsync("https://other.example/a")));
    }

    private static string? CookieOf(HttpResponseMessage answer) =>
        answer.Headers.TryGetValues("Set-Cookie", out var cookies) ? Assert.Single(cookies) : null;

    private static string ValueOf(HttpResponseMessage answer) => CookieOf(answer)!.Split(';')[0]["counter=".Length..];

    // Names of attributes mean the same in any case.
    private static string Spell(string attribute) => attribute.ToUpperInvariant() switch
    {
        "HTTPONLY" => "HttpOnly",
        "SAMESITE=NONE" => "SameSite=None",
        "SECURE" => "Secure",
        _ => attribute,
    };
}
