using System.Net;
using Xunit;

namespace Counter.Gateway.Tests.Admin;

public sealed class CachingTests : AdminTest
{
    [Fact]
    public async Task Answers_of_the_API_may_not_be_stored()
    {
        foreach (var (method, path, body, status) in new (string, string, object?, HttpStatusCode)[]
        {
            ("POST", "/keys", new { name = "a test", role = "operator" }, HttpStatusCode.Created),
            ("GET", "/keys", null, HttpStatusCode.OK),
            ("PUT", "/sites/example.com", new { }, HttpStatusCode.Created),
            ("GET", "/sites/example.com", null, HttpStatusCode.OK),
            ("POST", "/sites/example.com/keys", new { name = "a test", role = "read" }, HttpStatusCode.Created),
            ("GET", "/sites/example.com/pages", null, HttpStatusCode.OK),
            ("GET", "/totals", null, HttpStatusCode.OK),
            ("GET", "/channels", null, HttpStatusCode.OK),
            ("GET", "/channels/none", null, HttpStatusCode.NotFound),
            ("DELETE", "/sites/example.com", null, HttpStatusCode.NoContent),
            ("PUT", "/sites/example.com", "{", HttpStatusCode.BadRequest),
        })
        {
            using var answer = await AskAsync(method, path, body);
            Assert.Equal((path, status), (path, answer.StatusCode));
            Assert.True(answer.Headers.CacheControl?.NoStore, $"{method} {path}: {answer.Headers.CacheControl}");
        }
    }

    [Fact]
    public async Task Refusals_of_the_API_may_not_be_stored()
    {
        using var answer = await AskAsync("GET", "/keys", key: null);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.True(answer.Headers.CacheControl?.NoStore);
    }
}
