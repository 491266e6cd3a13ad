using System.Net;
using Counter.Gateway.Tests.Support;
using Xunit;

namespace Counter.Gateway.Tests.Admin;

/// <summary>Pages of other sites may use the API only if the operator names them, and with a key.</summary>
public sealed class CorsTests() : AdminTest("--Admin:CorsOrigins=https://Dashboard.example:443/, http://localhost:5173, https://bücher.example")
{
    private const string Allowed = "Access-Control-Allow-Origin";

    [Theory]
    [InlineData("https://dashboard.example")]
    [InlineData("http://localhost:5173")]
    [InlineData("https://xn--bcher-kva.example")]
    public async Task An_allowed_origin_may_send_a_key_and_no_cookies(string origin)
    {
        foreach (var (method, path) in new[] { ("GET", "/totals"), ("PUT", "/sites/example.com"), ("DELETE", "/keys/0123456789ab"), ("PUT", "/channels/cam"), ("PATCH", "/sites/example.com") })
        {
            using var preflight = await PreflightAsync(path, origin, method, "authorization,content-type,if-match");
            Assert.Equal(HttpStatusCode.NoContent, preflight.StatusCode);
            Assert.Equal(origin, Value(preflight, Allowed));
            Assert.Contains(method, Value(preflight, "Access-Control-Allow-Methods"), StringComparison.Ordinal);
            Assert.Contains("Authorization", Value(preflight, "Access-Control-Allow-Headers"), StringComparison.Ordinal);
            Assert.Null(Value(preflight, "Access-Control-Allow-Credentials"));
        }

        using var answer = await AskFromAsync(origin, RunningGateway.OperatorKey);
        Assert.Equal((HttpStatusCode.OK, origin), (answer.StatusCode, Value(answer, Allowed)));
        Assert.Contains("ETag", Value(answer, "Access-Control-Expose-Headers"), StringComparison.Ordinal);
        Assert.Null(Value(answer, "Access-Control-Allow-Credentials"));

        // What is wrong can be read too.
        using var refused = await AskFromAsync(origin, key: null);
        Assert.Equal((HttpStatusCode.Unauthorized, origin), (refused.StatusCode, Value(refused, Allowed)));
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("http://dashboard.example")]
    [InlineData("https://dashboard.example:8443")]
    [InlineData("https://sub.dashboard.example")]
    [InlineData("https://dashboard.example.evil.example")]
    [InlineData("null")]
    public async Task Other_origins_may_not_read_answers(string origin)
    {
        using var preflight = await PreflightAsync("/totals", origin, "GET", "authorization");
        Assert.Null(Value(preflight, Allowed));
        using var answer = await AskFromAsync(origin, RunningGateway.OperatorKey);
        Assert.Null(Value(answer, Allowed));
    }

    [Fact]
    public async Task By_default_no_origin_may_read_answers()
    {
        await using var usual = await RunningGateway.StartAsync();
        using var preflight = await PreflightAsync("/totals", usual.Address.GetLeftPart(UriPartial.Authority), "GET", "authorization", usual);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, preflight.StatusCode);
        Assert.Null(Value(preflight, Allowed));
    }

    private Task<HttpResponseMessage> AskFromAsync(string origin, string? key)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/totals");
        request.Headers.Add("Origin", origin);
        request.Headers.Authorization = key is null ? null : new("Bearer", key);
        return Gateway.Http.SendAsync(request, Cancelled);
    }

    private Task<HttpResponseMessage> PreflightAsync(string path, string origin, string method, string headers, RunningGateway? gateway = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Options, "/api/v1" + path);
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", method);
        request.Headers.Add("Access-Control-Request-Headers", headers);
        return (gateway ?? Gateway).Http.SendAsync(request, Cancelled);
    }

    private static string? Value(HttpResponseMessage answer, string header) =>
        answer.Headers.TryGetValues(header, out var values) ? Assert.Single(values) : null;
}
