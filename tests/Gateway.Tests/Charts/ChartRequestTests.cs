using System.Net;
using System.Xml.Linq;
using Counter.Gateway.Tests.Support;
using Xunit;

namespace Counter.Gateway.Tests.Charts;

/// <summary>Requests of charts, in every spelling, get a picture or a refusal with the allowed values.</summary>
public sealed class ChartRequestTests : IAsyncLifetime
{
    private RunningGateway gateway = null!;

    public async ValueTask InitializeAsync() => gateway = await RunningGateway.StartAsync();

    public ValueTask DisposeAsync() => gateway.DisposeAsync();

    [Theory]
    [InlineData("HEAD", "HTTP/1.1", "", "")]
    [InlineData("GET", "HTTP/1.0", "", "")]
    [InlineData("GET", "HTTP/1.1", "&live=0", "")]
    [InlineData("GET", "HTTP/1.1", "", "Sec-Purpose: prefetch\r\n")]
    [InlineData("GET", "HTTP/1.1", "", "User-Agent: github-camo (876de43e)\r\n")]
    public async Task Without_a_stream_the_answer_is_one_picture(string method, string version, string query, string header)
    {
        using var client = await RawClient.SendAsync(
            gateway.Address, $"{method} /online/chart.png?site=example.com&page=/a{query} {version}\r\nHost: x\r\n{header}\r\n");
        Assert.Equal(200, client.Status);
        Assert.Contains("Content-Type: image/png\r\n", client.Head, StringComparison.Ordinal);
        Assert.Contains("Content-Length: ", client.Head, StringComparison.Ordinal);
        Assert.Equal(0, await gateway.CountAsync("http://example.com/a"));
    }

    [Theory]
    [InlineData("range=1h", "range")]
    [InlineData("range=15M", "range")]
    [InlineData("count=visitors", "count")]
    [InlineData("width=159", "width")]
    [InlineData("width=1601", "width")]
    [InlineData("width=99999999999999999999", "width")]
    [InlineData("width=-480", "width")]
    [InlineData("height=79", "height")]
    [InlineData("height=801", "height")]
    [InlineData("height=NaN", "height")]
    [InlineData("scale=0", "scale")]
    [InlineData("scale=5", "scale")]
    [InlineData("width=1600&height=800&scale=2", "scale")]
    [InlineData("theme=auto", "theme")]
    [InlineData("theme=<script>", "theme")]
    [InlineData("color=red'/><script>", "color")]
    [InlineData("background=url(http://x)", "background")]
    [InlineData("label=%07", "label")]
    [InlineData("label=%7Bn%7D+here", "label")]
    [InlineData("page=%5C%00", "page")]
    public async Task A_refusal_names_the_allowed_values(string query, string field)
    {
        using var answer = await gateway.Http.GetAsync("/online/chart.png?site=example.com&" + query);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains($"\"errors\":{{\"{field}\":[", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_page_the_answer_explains_how_to_embed() =>
        Assert.Equal(HttpStatusCode.Forbidden, (await gateway.Http.GetAsync("/online/chart.png")).StatusCode);

    [Theory]
    [InlineData("</text><script>alert(1)</script>")]
    [InlineData("]]>&lt;!--\" onload='alert(1)")]
    [InlineData("\u202e\u0645\u0631\u062d\u0628\u0627 👥 &amp;")]
    public async Task A_label_is_never_markup(string label)
    {
        using var answer = await gateway.Http.GetAsync($"/online/chart.svg?site=example.com&live=0&label={Uri.EscapeDataString(label)}&color=%23f00&width=1600");
        Assert.Contains("default-src 'none'", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        var root = XDocument.Parse(await answer.Content.ReadAsStringAsync()).Root!;
        Assert.Equal(label, root.Element(root.Name.Namespace + "title")!.Value);
        Assert.DoesNotContain(root.Descendants(), element => element.Name.LocalName is "script" || element.Attributes().Any(a => a.Name.LocalName.StartsWith("on", StringComparison.Ordinal)));
    }
}
