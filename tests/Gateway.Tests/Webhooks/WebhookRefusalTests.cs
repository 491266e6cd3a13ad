using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Xunit;

namespace Counter.Gateway.Tests.Webhooks;

/// <summary>Invalid webhooks are refused.</summary>
public sealed class WebhookRefusalTests(WebhookRefusalTests.Fixture fixture) : IClassFixture<WebhookRefusalTests.Fixture>
{
    private const string Alerts = HookRun.Hooks + "/alerts";

    [Theory]
    [InlineData("""{"over": 1}""", "url")]
    [InlineData("""{"url": null, "over": 1}""", "url")]
    [InlineData("""{"url": "", "over": 1}""", "url")]
    [InlineData("""{"url": "/hook", "over": 1}""", "url")]
    [InlineData("""{"url": "ftp://example.com/", "over": 1}""", "url")]
    [InlineData("""{"url": "file:///etc/passwd", "over": 1}""", "url")]
    [InlineData("""{"url": "http:///hook", "over": 1}""", "url")]
    [InlineData("""{"url": "http://example.com:99999/", "over": 1}""", "url")]
    [InlineData("""{"url": "http://user:secret@example.com/", "over": 1}""", "url")]
    [InlineData("""{"url": "http://user@example.com/", "over": 1}""", "url")]
    [InlineData("""{"url": "http://example.com/\r\nX-Evil: 1", "over": 1}""", "url")]
    [InlineData("""{"url": " http://example.com/", "over": 1}""", "url")]
    [InlineData("""{"url": 5, "over": 1}""", "url")]
    [InlineData("""{"url": "http://example.com/"}""", "over")]
    [InlineData("""{"url": "http://example.com/", "over": 0}""", "over")]
    [InlineData("""{"url": "http://example.com/", "over": -1}""", "over")]
    [InlineData("""{"url": "http://example.com/", "over": 1.5}""", "over")]
    [InlineData("""{"url": "http://example.com/", "over": "5"}""", "over")]
    [InlineData("""{"url": "http://example.com/", "over": 99999999999}""", "over")]
    [InlineData("""{"url": "http://example.com/", "over": 2000000000}""", "over")]
    [InlineData("""{"url": "http://example.com/", "over": 5, "under": 6}""", "under")]
    [InlineData("""{"url": "http://example.com/", "over": 5, "under": -1}""", "under")]
    [InlineData("""{"url": "http://example.com/", "over": 5, "page": ""}""", "page")]
    [InlineData("""{"url": "http://example.com/", "over": 5, "page": "/a\u0000b"}""", "page")]
    [InlineData("""{"url": "http://example.com/", "over": 5, "active": "yes"}""", "active")]
    [InlineData("""{"url": "http://example.com/", "over": 5, "secret": "mine"}""", "secret")]
    [InlineData("[]", "body")]
    [InlineData("{", "body")]
    public async Task Each_invalid_field_is_named(string body, string field)
    {
        var run = fixture.Run;
        using var answer = await run.SendAsync(HttpMethod.Put, Alerts, body);
        Assert.Equal((HttpStatusCode.BadRequest, "application/problem+json"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        var errors = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").EnumerateObject();
        Assert.Equal(field, Assert.Single(errors).Name);
    }

    [Fact]
    public async Task A_body_that_is_too_long_or_no_JSON_is_refused()
    {
        var run = fixture.Run;
        var url = "https://example.com/" + new string('a', 10_000);
        using var longUrl = await run.SendAsync(HttpMethod.Put, Alerts, new { url, over = 1 });
        Assert.Contains("\"url\"", await longUrl.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, longUrl.StatusCode);
        using var huge = await run.SendAsync(HttpMethod.Put, Alerts, new { url = url + new string('a', 100_000), over = 1 });
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, huge.StatusCode);
        using var longPage = await run.SendAsync(HttpMethod.Put, Alerts, new { url = "https://example.com/", page = "/" + new string('a', 3000), over = 1 });
        Assert.Equal(HttpStatusCode.BadRequest, longPage.StatusCode);
        foreach (var nothing in new[] { "", "null" })
        {
            using var empty = await run.SendAsync(HttpMethod.Put, Alerts, nothing);
            Assert.Equal((HttpStatusCode.BadRequest, "application/problem+json"), (empty.StatusCode, empty.Content.Headers.ContentType?.MediaType));
        }
    }

    [Theory]
    [InlineData("/api/v1/sites/example.com/webhooks/UPPER", "name")]
    [InlineData("/api/v1/sites/example.com/webhooks/a%2Fb", "name")]
    [InlineData("/api/v1/sites/example.com/webhooks/a%0D%0AX-Evil:%201", "name")]
    [InlineData("/api/v1/sites/example.com/webhooks/%C3%A9", "name")]
    [InlineData("/api/v1/sites/example.com/webhooks/a234567890123456789012345678901234567890x", "name")]
    [InlineData("/api/v1/sites/not%20a%20site/webhooks/alerts", "site")]
    [InlineData("/api/v1/sites/a%0D%0Ab/webhooks/alerts", "site")]
    public async Task Invalid_names_are_refused(string path, string field)
    {
        var run = fixture.Run;
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Put, HttpMethod.Delete })
        {
            using var answer = await run.SendAsync(method, path, method == HttpMethod.Put ? new { url = "https://example.com/", over = 1 } : null);
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            Assert.False(answer.Headers.Contains("X-Evil"));
            var errors = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").EnumerateObject();
            Assert.Equal(field, Assert.Single(errors).Name);
        }
    }

    /// <summary>A gateway that keeps nothing of what is tried here.</summary>
    public sealed class Fixture : IAsyncLifetime
    {
        internal HookRun Run { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Run = await HookRun.StartAsync();

        public async ValueTask DisposeAsync()
        {
            Assert.Equal(0, (await Run.GetAsync(HookRun.Hooks)).GetProperty("items").GetArrayLength());
            await Run.DisposeAsync();
        }
    }
}
