using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using Xunit;

namespace Counter.Gateway.Tests.Admin;

/// <summary>The page to read and try the API. <c>reference.test.mjs</c> tests it in browsers.</summary>
public sealed class ReferenceTests() : AdminTest("--Proxies:Trusted=127.0.0.1")
{
    private const string Script = "/docs/api/scalar.js";

    [Theory]
    [InlineData("")]
    [InlineData("/counter")]
    public async Task It_loads_its_script_from_the_gateway_and_nothing_else(string below)
    {
        using var page = await AskAsync(HttpMethod.Get, "/docs/api", ("X-Forwarded-Prefix", below));
        var html = await page.Content.ReadAsStringAsync(Cancelled);
        Assert.Equal((HttpStatusCode.OK, "text/html"), (page.StatusCode, page.Content.Headers.ContentType?.MediaType));
        Assert.Contains($"src=\"{below}{Script}\"", html, StringComparison.Ordinal);
        Assert.Contains($"href=\"{below}/openapi/v1.json\"", html, StringComparison.Ordinal);
        Assert.DoesNotContain("://", html, StringComparison.Ordinal);
        var policy = Assert.Single(page.Headers.GetValues("Content-Security-Policy"));
        Assert.Matches("^default-src 'none'; img-src 'self' data:; connect-src 'self'; style-src 'unsafe-inline'; script-src 'self' 'sha256-[^']+'; ", policy);
    }

    [Fact]
    public async Task Its_script_is_the_same_compressed_or_not()
    {
        using var compressed = await AskAsync(HttpMethod.Get, Script, ("Accept-Encoding", "gzip"));
        Assert.Equal("gzip", Assert.Single(compressed.Content.Headers.ContentEncoding));
        Assert.InRange(compressed.Content.Headers.ContentLength!.Value, 100_000, 2_000_000);
        await using var unpacked = new GZipStream(await compressed.Content.ReadAsStreamAsync(Cancelled), CompressionMode.Decompress);
        using var reader = new StreamReader(unpacked);
        var script = await reader.ReadToEndAsync(Cancelled);
        Assert.Contains("createApiReference", script, StringComparison.Ordinal);

        using var plain = await AskAsync(HttpMethod.Get, Script);
        Assert.Empty(plain.Content.Headers.ContentEncoding);
        Assert.Equal(script, await plain.Content.ReadAsStringAsync(Cancelled));
        Assert.All([compressed, plain], answer =>
        {
            Assert.Equal("text/javascript", answer.Content.Headers.ContentType?.MediaType);
            Assert.Equal("Accept-Encoding", Assert.Single(answer.Headers.Vary));
        });
    }

    [Theory]
    [InlineData("/docs/api")]
    [InlineData(Script)]
    public async Task It_answers_HEAD(string path)
    {
        using var head = await AskAsync(HttpMethod.Head, path, ("Accept-Encoding", "gzip"));
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.True(head.Content.Headers.ContentLength > 0);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync(Cancelled));
    }

    private Task<HttpResponseMessage> AskAsync(HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, path);
        foreach (var (name, value) in headers.Where(header => header.Value.Length > 0))
        {
            request.Headers.Add(name, value);
        }

        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("*/*"));
        return Gateway.Http.SendAsync(request, Cancelled);
    }
}
