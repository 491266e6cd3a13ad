using System.Net;
using Counter.Gateway.Tests.Support;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Counter.Gateway.Tests.Admin;

/// <summary>Every endpoint is called without a key, with a wrong one, with another site's, and with a revoked one.</summary>
public sealed class AccessPoliciesTests : AdminTest
{
    [Fact]
    public async Task No_endpoint_of_the_api_answers_without_a_key_or_with_a_wrong_one()
    {
        var doors = Doors();
        Assert.True(doors.Count >= 20, $"Only {doors.Count} endpoints were found.");
        var wrong = 0;
        foreach (var (method, path) in doors)
        {
            var problem = await ReadAsync(HttpStatusCode.Unauthorized, method, path, "{}", key: null);
            if (method != "HEAD")
            {
                Assert.Contains("Authorization: Bearer", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
            }

            if (wrong++ < 15)
            {
                // The address is shut out after twenty.
                await ReadAsync(HttpStatusCode.Unauthorized, method, path, "{}", key: "counter_0123456789ab_wrong");
            }
        }
    }

    [Fact]
    public async Task A_key_of_a_site_gives_access_to_that_site_only()
    {
        using var viewer = await Gateway.ViewAsync("http://mine.example/a");
        await Gateway.WaitForCountAsync("http://mine.example/a", 1);
        var (manage, _) = await MakeKeyAsync("manage", "mine.example");
        var (read, _) = await MakeKeyAsync("read", "mine.example");
        foreach (var (method, path) in Doors())
        {
            var ofSite = path.StartsWith("/sites/", StringComparison.Ordinal);
            foreach (var key in new[] { manage, read })
            {
                await ReadAsync(HttpStatusCode.Forbidden, method, ofSite ? path.Replace("mine.example", "other.example", StringComparison.Ordinal) : path, "{}", key);
            }
        }

        // Another spelling is the same site.
        foreach (var path in new[] { "/sites/mine.example", "/sites/WWW.Mine.Example:443/pages", "/sites/mine.example/page?path=/a", "/sites/mine.example/history" })
        {
            await ReadAsync(HttpStatusCode.OK, "GET", path, key: read);
            await ReadAsync(HttpStatusCode.OK, "GET", path, key: manage);
        }

        await ReadAsync(HttpStatusCode.Forbidden, "PUT", "/sites/mine.example", "{}", read);
        await ReadAsync(HttpStatusCode.Forbidden, "POST", "/sites/mine.example/keys", new { name = "x", role = "read" }, read);
        await ReadAsync(HttpStatusCode.Forbidden, "POST", "/sites/mine.example/ignore-link", key: read);
        await ReadAsync(HttpStatusCode.Forbidden, "DELETE", "/sites/mine.example/page?path=/a", key: read);
        await ReadAsync(HttpStatusCode.Forbidden, "DELETE", "/sites/mine.example", key: manage);
    }

    [Theory]
    [InlineData("/sites/mine.example%2F..%2Fother.example/pages")]
    [InlineData("/sites/other.example%2f..%2fmine.example/pages")]
    [InlineData("/sites/other.example%00mine.example/pages")]
    [InlineData("/sites/mine.example@other.example/pages")]
    [InlineData("/sites/mine.example/../other.example/pages")]
    public async Task No_spelling_of_a_path_reaches_another_site(string path)
    {
        using var viewer = await Gateway.ViewAsync("http://other.example/secret");
        await Gateway.WaitForCountAsync("http://other.example/secret", 1);
        var (key, _) = await MakeKeyAsync("manage", "mine.example");
        using var raw = await RawClient.OpenAsync(Gateway.Address, "/api/v1" + path, "Authorization: Bearer " + key, "Connection: close");
        var answer = System.Text.Encoding.UTF8.GetString(await raw.ReadToEndAsync());
        Assert.DoesNotContain("secret", answer, StringComparison.Ordinal);
        Assert.True(raw.Status is 200 or 400 or 403 or 404, raw.Head);
    }

    [Fact]
    public async Task A_revoked_key_is_refused_at_once()
    {
        var (key, id) = await MakeKeyAsync("read", "mine.example");
        await ReadAsync(HttpStatusCode.OK, "GET", "/sites/mine.example/pages", key: key);
        await ReadAsync(HttpStatusCode.NoContent, "DELETE", "/keys/" + id);
        var problem = await ReadAsync(HttpStatusCode.Unauthorized, "GET", "/sites/mine.example/pages", key: key);
        Assert.Contains("revoked", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("counter_")]
    [InlineData("counter_0123456789ab_")]
    [InlineData("counter_../../etc/pw_x")]
    [InlineData("counter_0123456789AB_x")]
    public async Task A_malformed_key_is_refused(string key)
    {
        using var answer = await AskAsync("GET", "/totals", key: key);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.Single().Scheme);
    }

    [Fact]
    public async Task A_key_in_the_query_is_ignored()
    {
        using var answer = await Gateway.Http.GetAsync($"/api/v1/totals?key={RunningGateway.OperatorKey}&access_token={RunningGateway.OperatorKey}", Cancelled);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task After_many_wrong_keys_every_key_of_that_address_is_refused()
    {
        var answers = new Dictionary<HttpStatusCode, int>();
        for (var i = 0; i < 1000; i++)
        {
            using var answer = await AskAsync("GET", "/totals", key: $"counter_0123456789ab_{i}");
            answers[answer.StatusCode] = answers.GetValueOrDefault(answer.StatusCode) + 1;
        }

        // Twenty, and those that come back while a thousand are tried.
        Assert.InRange(answers[HttpStatusCode.Unauthorized], 20, 30);
        Assert.Equal(1000, answers[HttpStatusCode.Unauthorized] + answers[HttpStatusCode.TooManyRequests]);
        using var shut = await AskAsync("GET", "/totals");
        Assert.Equal(HttpStatusCode.TooManyRequests, shut.StatusCode);
        Assert.NotNull(shut.Headers.RetryAfter);

        using var elsewhere = await RawClient.OpenAsync(
            Gateway.Address, IPAddress.Parse("127.0.0.9"), "/api/v1/totals", "Authorization: Bearer " + RunningGateway.OperatorKey);
        Assert.Equal(200, elsewhere.Status);
    }

    [Fact]
    public async Task The_request_limit_of_the_description_holds_per_address()
    {
        var statuses = new HashSet<int>();
        for (var round = 0; round < 50 && !statuses.Contains(429); round++)
        {
            statuses.UnionWith(await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => ReadDescriptionAsync("127.0.0.9"))));
        }

        Assert.Equal([200, 429], statuses.Order());
        Assert.Equal(200, await ReadDescriptionAsync("127.0.0.10"));
    }

    private async Task<int> ReadDescriptionAsync(string from)
    {
        using var answer = await RawClient.OpenAsync(Gateway.Address, IPAddress.Parse(from), "/openapi/v1.json");
        return answer.Status;
    }

    /// <summary>Every endpoint there is, with something in its places.</summary>
    private List<(string Method, string Path)> Doors() =>
    [
        .. Gateway.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.RoutePattern.RawText?.StartsWith("/api/v1/", StringComparison.Ordinal) is true)
            .SelectMany(e => e.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Select(method => (method, Fill(e.RoutePattern.RawText!)))),
    ];

    private static string Fill(string pattern) => pattern["/api/v1".Length..].TrimEnd('/')
        .Replace("{site}", "mine.example", StringComparison.Ordinal)
        .Replace("{id}", "0123456789ab", StringComparison.Ordinal)
        .Replace("{name}", "hook", StringComparison.Ordinal)
        .Replace("{channel}", "cam", StringComparison.Ordinal);
}
