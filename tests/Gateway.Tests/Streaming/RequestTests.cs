using System.Net;
using Counter.Gateway.Tests.Support;
using Xunit;

namespace Counter.Gateway.Tests.Streaming;

/// <summary>The page of a request, and the refusal of a wrong one.</summary>
public sealed class RequestTests : IAsyncLifetime
{
    private RunningGateway gateway = null!;

    public async ValueTask InitializeAsync() => gateway = await RunningGateway.StartAsync();

    public ValueTask DisposeAsync() => gateway.DisposeAsync();

    [Fact]
    public async Task Without_a_page_the_answer_explains_how_to_embed()
    {
        using var answer = await gateway.Http.GetAsync("/online.png");
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains("Embed this with", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_img_request_gets_the_explanation_as_a_picture()
    {
        using var viewer = await gateway.OpenAsync("/online.png", "Accept: image/avif,image/webp,*/*;q=0.8", "User-Agent: Mozilla/5.0");
        Assert.Equal(403, viewer.Status);
        Assert.Contains("Content-Type: image/png\r\n", viewer.Head, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("not a url")]
    [InlineData("file:///etc/passwd")]
    [InlineData("http://")]
    [InlineData("http:///path")]
    public async Task A_referer_that_is_no_page_is_ignored(string referer)
    {
        using var viewer = await gateway.OpenAsync("/online.png", "Referer: " + referer);
        Assert.Equal(403, viewer.Status);
    }

    [Theory]
    [InlineData("http://user:secret@Example.COM:80/a/?utm_source=x#top", "/a", "example.com")]
    [InlineData("https://www.example.com/index.html", "/", "example.com")]
    [InlineData("http://[::1]:8080/x", "/x", "[::1]:8080")]
    [InlineData("http://xn--bcher-kva.example/", "/", "xn--bcher-kva.example")]
    public async Task The_referer_names_the_page(string referer, string path, string site)
    {
        using var viewer = await gateway.ViewAsync(referer);
        await viewer.ReadPreambleAsync();
        var json = await gateway.Http.GetStringAsync($"/online.json?site={Uri.EscapeDataString(site)}&page={path}");
        Assert.Contains($"\"site\":\"{site}\"", json, StringComparison.Ordinal);
        Assert.Contains("\"viewers\":1", json, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_international_name_is_one_site_in_both_spellings()
    {
        using var viewer = await gateway.OpenAsync("/online.png?site=" + Uri.EscapeDataString("Bücher.example"), "Sec-Fetch-Dest: image");
        Assert.Equal(1, await gateway.CountAsync("http://xn--bcher-kva.example/"));
    }

    [Fact]
    public async Task The_page_parameter_completes_a_referer_without_a_path()
    {
        using var viewer = await gateway.ViewAsync("http://example.com/", "/online.png?page=/blog/post");
        await viewer.ReadPreambleAsync();
        Assert.Equal(1, await gateway.CountAsync("http://example.com/blog/post"));
        Assert.Equal(0, await gateway.CountAsync("http://example.com/"));
    }

    [Theory]
    [InlineData("size=NaN", "size")]
    [InlineData("size=-1", "size")]
    [InlineData("scale=1e9", "scale")]
    [InlineData("color=url(javascript:alert(1))", "color")]
    [InlineData("font=../../etc/passwd", "font")]
    [InlineData("locale=../x", "locale")]
    [InlineData("theme=auto", "theme")]
    [InlineData("count=everything", "count")]
    [InlineData("site=not%20a%20host", "site")]
    [InlineData("page=%00", "page")]
    public async Task A_wrong_parameter_is_refused_with_the_allowed_values(string query, string name)
    {
        using var answer = await gateway.Http.GetAsync("/online.png?site=example.com&" + query);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var problem = await answer.Content.ReadAsStringAsync();
        Assert.Contains($"\"errors\":{{\"{name}\":[", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_label_of_5_kB_is_refused_and_one_with_invalid_text_does_no_harm()
    {
        using var longLabel = await gateway.Http.GetAsync("/online.png?site=example.com&label=" + new string('x', 5000));
        Assert.Equal(HttpStatusCode.BadRequest, longLabel.StatusCode);
        foreach (var label in new[] { "%ff%fe{n}", "a%00b{n}", "%ed%a0%80{n}", "%e2%80%ae{n}" })
        {
            using var answer = await gateway.Http.GetAsync("/online.png?live=0&site=example.com&label=" + label);
            Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.OK, HttpStatusCode.BadRequest });
        }
    }

    [Fact]
    public async Task Unknown_parameters_are_ignored()
    {
        using var answer = await gateway.Http.GetAsync("/online.png?live=0&site=example.com&cachebuster=17");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task A_page_that_is_too_long_is_refused_with_a_picture()
    {
        using var viewer = await gateway.ViewAsync("http://example.com/" + new string('a', 10_000));
        Assert.Equal(400, viewer.Status);
        Assert.Contains("Content-Type: image/png\r\n", viewer.Head, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Headers_beyond_the_limit_are_refused_by_the_server()
    {
        using var viewer = await gateway.ViewAsync("http://example.com/" + new string('a', 40_000));
        Assert.Equal(431, viewer.Status);
    }

    [Fact]
    public async Task An_incomplete_request_delays_no_other()
    {
        using var half = await RawClient.ConnectAsync(gateway.Address, "GET /online.png HTTP/1.1\r\nHost: x\r\nRefe");
        using var viewer = await gateway.ViewAsync("http://example.com/");
        await viewer.ReadPreambleAsync();
        Assert.NotEmpty(await viewer.ReadFrameAsync());
    }

    [Fact]
    public async Task Invalid_bytes_in_a_referer_do_no_harm()
    {
        using var viewer = await RawClient.SendAsync(
            gateway.Address, "GET /online.png HTTP/1.1\r\nHost: x\r\nReferer: http://example.com/\u00ff\u00fe\u00e9\r\n\r\n");
        Assert.Contains(viewer.Status, new[] { 200, 400, 403 });
        Assert.Equal(0, await gateway.CountAsync("http://example.com/other"));
    }
}
