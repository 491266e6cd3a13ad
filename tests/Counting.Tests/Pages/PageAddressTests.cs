using Counter.Counting.Pages;
using Xunit;

namespace Counter.Counting.Tests.Pages;

public sealed class PageAddressTests
{
    [Theory]
    [InlineData("https://example.com", "example.com/")]
    [InlineData("https://example.com/", "example.com/")]
    [InlineData("HTTP://WWW.Example.COM:80/Blog/", "example.com/Blog")]
    [InlineData("https://example.com:443/a", "example.com/a")]
    [InlineData("http://example.com:443/a", "example.com/a")]
    [InlineData("http://example.com:8080/a", "example.com:8080/a")]
    [InlineData("http://example.com:08080/", "example.com:8080/")]
    [InlineData("http://example.com:/a", "example.com/a")]
    [InlineData("https://user:pa:ss@example.com/a", "example.com/a")]
    [InlineData("https://a@b@example.com/a", "example.com/a")]
    [InlineData("https://example.com./a", "example.com/a")]
    [InlineData("https://www.com/", "www.com/")]
    [InlineData("https://www.www.example.com/", "example.com/")]
    [InlineData("https://bücher.example/a", "xn--bcher-kva.example/a")]
    [InlineData("https://BÜCHER.example/a", "xn--bcher-kva.example/a")]
    [InlineData("http://пример.рф/", "xn--e1afmkfd.xn--p1ai/")]
    [InlineData("http://[2001:DB8::0:1]/a", "[2001:db8::1]/a")]
    [InlineData("http://[::1]:9192/a", "[::1]:9192/a")]
    [InlineData("http://127.0.0.1:5000/a", "127.0.0.1:5000/a")]
    [InlineData("http://localhost/a", "localhost/a")]
    [InlineData("http://my_host/a", "my_host/a")]
    [InlineData("https://example-com.translate.goog/blog/a?_x_tr_sl=en&_x_tr_tl=de&x=1", "example.com/blog/a?x=1")]
    [InlineData("https://www-example-com.translate.goog/", "example.com/")]
    [InlineData("https://my--site-example-com.translate.goog/a", "my-site.example.com/a")]
    [InlineData("https://xn----bcher--kva-example.translate.goog/", "xn--bcher-kva.example/")]
    [InlineData("https://translate.goog/a", "translate.goog/a")]
    [InlineData("https://example.translate.goog/a", "example.translate.goog/a")]
    [InlineData("https://my--site-example-com.cdn.ampproject.org/c/s/my-site.example.com/a?x=1", "my-site.example.com/a?x=1")]
    [InlineData("https://example-com.cdn.ampproject.org/v/www.example.com/c/s/b", "example.com/c/s/b")]
    [InlineData("https://example-com.cdn.ampproject.org/c/s/example.com", "example.com/")]
    [InlineData("https://example-com.cdn.ampproject.org/", "example.com/")]
    [InlineData("https://0abc123def.cdn.ampproject.org/c/s/example.com/a", "0abc123def.cdn.ampproject.org/c/s/example.com/a")]
    public void The_referer_names_the_page(string referer, string expected) => Assert.Equal(expected, Derive(referer));

    [Theory]
    [InlineData("/a#top", "/a")]
    [InlineData("#top", "/")]
    [InlineData("?", "/")]
    [InlineData("/a/?", "/a")]
    [InlineData("/a//", "/a")]
    [InlineData("//", "/")]
    [InlineData("/a//b", "/a//b")]
    [InlineData("/index.html", "/")]
    [InlineData("/a/index.htm?x=1", "/a?x=1")]
    [InlineData("/a/index.html/index.html/", "/a")]
    [InlineData("/my-index.html", "/my-index.html")]
    [InlineData("/index.php", "/index.php")]
    [InlineData("/a/./b/../c", "/a/c")]
    [InlineData("/../../a", "/a")]
    [InlineData("/a/%2e%2E/b", "/b")]
    [InlineData("/a/..", "/")]
    [InlineData("/.well-known/x", "/.well-known/x")]
    [InlineData("/a\\b", "/a/b")]
    [InlineData("/%7Euser/%61%2fb%c3%a9", "/~user/a%2Fb%C3%A9")]
    [InlineData("/é/日", "/%C3%A9/%E6%97%A5")]
    [InlineData("/\U0001F600", "/%F0%9F%98%80")]
    [InlineData("/100%", "/100%25")]
    [InlineData("/100%zz", "/100%25zz")]
    [InlineData("/%%34%31", "/%2541")]
    [InlineData("/a b\"<>`{}|^[]", "/a%20b%22%3C%3E%60%7B%7D%7C%5E%5B%5D")]
    [InlineData("/Case/Stays", "/Case/Stays")]
    [InlineData("/a?b=2&a=1", "/a?a=1&b=2")]
    [InlineData("/a?b&a&&", "/a?a&b")]
    [InlineData("/a?x=2&x=1&a=0", "/a?a=0&x=2&x=1")]
    [InlineData("/a?B=1&a=1", "/a?B=1&a=1")]
    [InlineData("/a?q=x/../y?z", "/a?q=x/../y?z")]
    [InlineData("/a?gad_campaignid=1&_hsenc=1&__hstc=1&pk_campaign=1&epik=1&vero_id=1&mtm_kwd=1&hsa_acc=1&irclickid=1", "/a")]
    [InlineData("/a?pk=1&ref=2&sid=3&campaign=4", "/a?campaign=4&pk=1&ref=2&sid=3")]
    [InlineData("/a?utm_source=x&UTM_Medium=y&utm_=z", "/a")]
    [InlineData("/a?fbclid=1&gclid=1&msclkid=1&mc_eid=1&mc_cid=1&dclid=1&gbraid=1&wbraid=1&yclid=1&igshid=1&_ga=1", "/a")]
    [InlineData("/a?%75tm_source=x&id=7", "/a?id=7")]
    [InlineData("/a?gclidx=1", "/a?gclidx=1")]
    public void Paths_and_queries_have_one_form(string given, string expected)
    {
        Assert.Equal("example.com" + expected, Derive("https://example.com" + given));
        Assert.Equal("example.com" + expected, Derive(null, "example.com", given));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("example.com/a")]
    [InlineData("javascript:alert(1)")]
    [InlineData("file:///etc/passwd")]
    [InlineData("about:blank")]
    [InlineData("data:text/html,x")]
    [InlineData("ftp://example.com/")]
    [InlineData("http://")]
    [InlineData("https:///a")]
    [InlineData("http://exa mple.com/")]
    [InlineData("http://example..com/")]
    [InlineData("http://.example.com/")]
    [InlineData("http://example.com:65536/")]
    [InlineData("http://example.com:-1/")]
    [InlineData("http://example.com:x/")]
    [InlineData("http://[::1/")]
    [InlineData("http://[::1%25eth0]/")]
    [InlineData("http://[127.0.0.1]/")]
    [InlineData("http://[::1]x/")]
    [InlineData("http://::1/")]
    [InlineData("http://ex%61mple.com/")]
    [InlineData("http://example.com/\0")]
    [InlineData("http://example.com/?\n")]
    public void A_referer_that_is_no_web_page_is_ignored(string? referer)
    {
        Assert.Equal("NoPage", Derive(referer));
        Assert.Equal("NoPage", Derive(referer is null ? null : referer + "#x"));
        Assert.Equal("other.org/", Derive(referer, "other.org"));
    }

    [Theory]
    [InlineData("https://example.com/a?x=1", "example.com", null, "example.com/a?x=1")]
    [InlineData("https://example.com/a", "www.EXAMPLE.com:443", null, "example.com/a")]
    [InlineData("https://example.com/a", "other.org", null, "other.org/")]
    [InlineData("https://example.com/a", "https://other.org:81/ignored?x#y", null, "other.org:81/")]
    [InlineData(null, "other.org/blog", null, "other.org/")]
    [InlineData(null, "other.org", "/p?b=1&a=2", "other.org/p?a=2&b=1")]
    [InlineData("https://example.com/a", null, "p", "example.com/p")]
    [InlineData("https://example.com/a", "", "", "example.com/a")]
    [InlineData("https://example.com/a", null, "?q=1", "example.com/?q=1")]
    [InlineData("https://example.com/a", null, "https://other.org/p?x", "example.com/p?x")]
    [InlineData("javascript:x", null, "https://other.org/p", "other.org/p")]
    [InlineData(null, "third.net", "https://other.org/p", "third.net/p")]
    [InlineData("https://example.com/a", null, "/to?u=https://x.y/", "example.com/to?u=https://x.y/")]
    [InlineData("https://example.com/\0", null, "/p", "example.com/p")]
    [InlineData(null, null, "/p", "NoPage")]
    public void Parameters_override_the_referer(string? referer, string? site, string? page, string expected) =>
        Assert.Equal(expected, Derive(referer, site, page));

    [Theory]
    [InlineData("exa mple.com")]
    [InlineData(" ")]
    [InlineData("ftp://example.com")]
    [InlineData("javascript:alert(1)")]
    [InlineData("example.com:99999")]
    [InlineData("http://")]
    [InlineData("exam\u0000ple.com")]
    [InlineData("..")]
    [InlineData("/path")]
    [InlineData("<script>")]
    public void A_site_that_is_no_host_is_refused(string site)
    {
        Assert.Equal("BadSite", Derive("https://example.com/", site));
        Assert.False(PageAddress.TryParseSite(site, PageLimits.Default, out var parsed, out var problem));
        Assert.Null(parsed);
        Assert.Equal(PageProblem.BadSite, problem);
    }

    [Theory]
    [InlineData("ftp://example.com/a")]
    [InlineData("https:///a")]
    [InlineData("http://exa mple/")]
    [InlineData("/a\r\nb")]
    [InlineData("/a\u0085")]
    public void A_page_that_is_no_path_is_refused(string page) => Assert.Equal("BadPage", Derive("https://example.com/", null, page));

    [Fact]
    public void A_lone_surrogate_is_refused()
    {
        // Attributes cannot carry these: they are stored as UTF-8.
        Assert.Equal("NoPage", Derive("http://\ud800.com/"));
        Assert.Equal("NoPage", Derive("http://example.com/\ud800"));
        Assert.Equal("BadSite", Derive(null, "\udc00"));
        Assert.Equal("BadPage", Derive(null, "example.com", "/a\ud83d"));
        Assert.Equal("BadPage", Derive(null, "example.com", "/?a\udc00b"));
    }

    [Fact]
    public void A_site_may_be_as_long_as_the_limit_and_no_longer()
    {
        var limits = new PageLimits(Site: 20, Key: 30);
        var site = new string('a', 20);
        Assert.Equal(site + "/", Derive($"https://{site}/", limits: limits));
        Assert.Equal("TooLong", Derive($"https://{site}a/", limits: limits));
        Assert.Equal("TooLong", Derive(null, site + "a", limits: limits));
        Assert.True(PageAddress.TryParseSite(site, limits, out _, out _));
        Assert.False(PageAddress.TryParseSite(site + "a", limits, out _, out var problem));
        Assert.Equal(PageProblem.TooLong, problem);
    }

    [Fact]
    public void A_key_may_be_as_long_as_the_limit_and_no_longer()
    {
        var limits = new PageLimits(Site: 20, Key: 30);
        Assert.Equal("a.example/" + new string('b', 20), Derive("https://a.example/" + new string('b', 20), limits: limits));
        Assert.Equal("TooLong", Derive("https://a.example/" + new string('b', 21), limits: limits));
        Assert.Equal("a.example/b", Derive("https://a.example/b?utm_source=" + new string('b', 10_000), limits: limits));
        Assert.Equal("TooLong", Derive("https://a.example/" + new string('é', 100_000), limits: limits));
    }

    [Fact]
    public void A_bare_site_is_parsed_like_a_url()
    {
        Assert.True(PageAddress.TryParseSite("WWW.Bücher.example:8080", PageLimits.Default, out var site, out var problem));
        Assert.Equal("xn--bcher-kva.example:8080", site);
        Assert.Equal(PageProblem.None, problem);
        Assert.False(PageAddress.TryParseSite(null, PageLimits.Default, out _, out _));
    }

    internal static string Derive(string? referer, string? site = null, string? page = null, PageLimits? limits = null) =>
        PageAddress.TryDerive(referer, site, page, limits ?? PageLimits.Default, out var key, out var problem)
            ? key.ToString()
            : problem.ToString();
}
