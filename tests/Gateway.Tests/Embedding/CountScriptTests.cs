using System.Net;
using System.Security.Cryptography;
using Counter.Gateway.Tests.Documentation;
using Counter.Gateway.Tests.Support;
using Xunit;

namespace Counter.Gateway.Tests.Embedding;

/// <summary>The script for pages that may have one. Its behaviour is tested in browsers.</summary>
public sealed class CountScriptTests : IAsyncLifetime
{
    private RunningGateway gateway = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => gateway = await RunningGateway.StartAsync();

    public ValueTask DisposeAsync() => gateway.DisposeAsync();

    [Fact]
    public async Task It_is_small_and_any_page_may_load_and_cache_it()
    {
        using var answer = await gateway.Http.GetAsync("/count.js", Cancelled);
        Assert.InRange((await answer.Content.ReadAsByteArrayAsync(Cancelled)).Length, 100, 999);
        Assert.Equal("text/javascript; charset=utf-8", answer.Content.Headers.ContentType?.ToString());
        Assert.Equal("*", answer.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Equal("cross-origin", answer.Headers.GetValues("Cross-Origin-Resource-Policy").Single());
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("public, max-age=3600", answer.Headers.CacheControl?.ToString());
        Assert.False(answer.Headers.Contains("Set-Cookie"));

        using var again = new HttpRequestMessage(HttpMethod.Get, "/count.js");
        again.Headers.IfNoneMatch.Add(answer.Headers.ETag!);
        using var unchanged = await gateway.Http.SendAsync(again, Cancelled);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
        using var head = await gateway.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/count.js"), Cancelled);
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        using var posted = await gateway.Http.PostAsync("/count.js", null, Cancelled);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, posted.StatusCode);
    }

    [Fact]
    public async Task The_documentation_has_its_hash() => Assert.Contains(
        $"integrity=\"sha256-{Convert.ToBase64String(SHA256.HashData(await gateway.Http.GetByteArrayAsync("/count.js", Cancelled)))}\"",
        Repository.Read("docs/embedding.md"), StringComparison.Ordinal);
}
