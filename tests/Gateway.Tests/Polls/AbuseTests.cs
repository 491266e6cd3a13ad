using System.Net;
using Counter.Gateway.Polls.Votes;
using Counter.Gateway.Tests.Support;
using Xunit;

namespace Counter.Gateway.Tests.Polls;

/// <summary>Votes that are too many, forged, or unintended.</summary>
public sealed class AbuseTests() : PollTest("--Limits:ExemptPrivateAddresses=false", "--Limits:VotersPerAddress=5", "--Limits:PollsPerSite=3", "--Limits:VotesPerMinute=1000000")
{
    [Fact]
    public async Task Of_ten_thousand_votes_of_one_address_a_few_count()
    {
        // As somebody who stuffs the ballot would: as another browser each time, with the site as the origin.
        var answers = new Dictionary<HttpStatusCode, int>();
        for (var i = 0; i < 10_000; i++)
        {
            using var answer = await PostAsync(Gateway, Row, new() { ["answer"] = "A" }, $"{i}", ("Origin", "http://example.com"));
            answers[answer.StatusCode] = answers.GetValueOrDefault(answer.StatusCode) + 1;
        }

        Assert.Equal([(HttpStatusCode.NoContent, 5), (HttpStatusCode.TooManyRequests, 9_995)], answers.Select(one => (one.Key, one.Value)).Order());
        Assert.Equal("5 0 0", await StillAsync(Row));
        Gateway.Clock.Jump(TimeSpan.FromHours(12));
        using var tomorrow = await PostAsync(Gateway, Row, new() { ["answer"] = "A" }, "late", ("Origin", "http://example.com"));
        Assert.Equal("6 0 0", await StillAsync(Row));
    }

    [Fact]
    public async Task Votes_of_an_address_are_rate_limited()
    {
        await using var gateway = await RunningGateway.StartAsync("--Limits:ExemptPrivateAddresses=false");
        var refused = 0;
        for (var i = 0; i < 200; i++)
        {
            using var answer = await PostAsync(gateway, Row, new() { ["answer"] = "A" }, "one", ("Origin", "http://example.com"));
            refused += answer.StatusCode == HttpStatusCode.TooManyRequests ? 1 : 0;
        }

        // Thirty, and what the seconds that this takes add to it.
        Assert.InRange(refused, 100, 170);
    }

    [Fact]
    public async Task Forged_forms_and_those_of_another_poll_visitor_or_day_are_refused()
    {
        var token = await TokenAsync(Gateway, Row);
        foreach (var (path, given, agent) in new[]
        {
            (Row, "", "one"), (Row, "nonsense", "one"), (Row, token[..^1] + (token[^1] == 'A' ? 'B' : 'A'), "one"), (Row, new string('A', 32), "one"),
            (Row, token + token, "one"), (Row, token, "another browser"),
            (Row.Replace("/like", "/other"), token, "one"), (Row.Replace("/a", "/b"), token, "one"), (Row.Replace("A,B,C", "A,B"), token, "one"),
            (Row.Replace("example.com", "example.org"), token, "one"), (Row + "&question=Else", token, "one"),
        })
        {
            using var answer = await PostAsync(Gateway, path, new() { ["token"] = given, ["answer"] = "A" }, agent);
            Assert.True(HttpStatusCode.Forbidden == answer.StatusCode, $"{path} {given} {agent}: {answer.StatusCode}");
        }

        Gateway.Clock.Jump(VoteToken.Lifetime + TimeSpan.FromSeconds(1));
        using var late = await PostAsync(Gateway, Row, new() { ["token"] = token, ["answer"] = "A" });
        Assert.Equal(HttpStatusCode.Forbidden, late.StatusCode);
        Assert.Equal("", await VotesAsync());
        Assert.Equal("", await VotesAsync("example.org"));
    }

    [Fact]
    public async Task A_repeated_form_counts_once_at_most()
    {
        var token = await TokenAsync(Gateway, Row);
        for (var i = 0; i < 9; i++)
        {
            using var answer = await PostAsync(Gateway, Row, new() { ["token"] = token, ["answer"] = "A" });
            Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
            Assert.Contains(await StillAsync(Row), new[] { "1 0 0", "0 0 0" });
            Gateway.Clock.Advance(TimeSpan.FromSeconds(i % 3));
        }
    }

    [Theory]
    [InlineData("http://example.com", HttpStatusCode.NoContent)]
    [InlineData("https://www.example.com", HttpStatusCode.NoContent)]
    [InlineData("https://example.com:8443", HttpStatusCode.Forbidden)]
    [InlineData("http://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("http://example.com.evil.example", HttpStatusCode.Forbidden)]
    [InlineData("null", HttpStatusCode.Forbidden)]
    [InlineData("", HttpStatusCode.Forbidden)]
    public async Task A_form_without_a_token_counts_only_from_the_site_s_own_origin(string origin, HttpStatusCode status)
    {
        using var answer = await PostAsync(Gateway, Row, new() { ["answer"] = "A" }, "one", ("Origin", origin));
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(status == HttpStatusCode.NoContent ? "1 0 0" : "0 0 0", await StillAsync(Row));
    }

    [Fact]
    public async Task GET_requests_neither_vote_nor_create_a_poll()
    {
        foreach (var agent in new[] { "Googlebot/2.1", "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)", "github-camo", "Mozilla/5.0 person" })
        {
            foreach (var path in new[] { Row, "/embed" + Row, Picture(Row) + "&live=0", Picture(Row, "png") + "&live=0", Row + "&answer=A&token=x", Tea })
            {
                foreach (var method in new[] { HttpMethod.Get, HttpMethod.Head })
                {
                    using var request = new HttpRequestMessage(method, path);
                    request.Headers.TryAddWithoutValidation("User-Agent", agent);
                    request.Headers.TryAddWithoutValidation("Sec-Purpose", "prefetch;prerender");
                    using var answer = await Gateway.Http.SendAsync(request, Cancelled);
                    Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
                }
            }
        }

        Assert.Equal("0 0 0", await StillAsync(Row));
        Assert.Equal("", await VotesAsync());
        foreach (var method in new[] { "PUT", "DELETE", "PATCH" })
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), Row);
            using var answer = await Gateway.Http.SendAsync(request, Cancelled);
            Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        }
    }

    [Fact]
    public async Task Malformed_bodies_are_refused_at_once()
    {
        var token = await TokenAsync(Gateway, Row);
        foreach (var (content, status) in new (HttpContent, HttpStatusCode)[]
        {
            (new StringContent("{}", new System.Net.Http.Headers.MediaTypeHeaderValue("application/json")), HttpStatusCode.UnsupportedMediaType),
            (new ByteArrayContent([]), HttpStatusCode.UnsupportedMediaType),
            (new FormUrlEncodedContent(new Dictionary<string, string> { ["token"] = token }), HttpStatusCode.BadRequest),
            (new FormUrlEncodedContent(new Dictionary<string, string> { ["token"] = token, ["answer"] = "D" }), HttpStatusCode.BadRequest),
            (new FormUrlEncodedContent(new Dictionary<string, string> { ["token"] = token, ["answer"] = "A\0" }), HttpStatusCode.BadRequest),
            (new FormUrlEncodedContent(new Dictionary<string, string> { ["token"] = token, ["answer"] = new string('A', 100_000) }), HttpStatusCode.RequestEntityTooLarge),
            (new FormUrlEncodedContent(Enumerable.Range(0, 50).Select(i => KeyValuePair.Create($"f{i}", "x"))), HttpStatusCode.BadRequest),
            (new MultipartFormDataContent { { new StringContent(token), "token" }, { new StringContent("A"), "answer" } }, HttpStatusCode.NoContent),
        })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, Row) { Content = content };
            request.Headers.TryAddWithoutValidation("User-Agent", "Mozilla/5.0 one");
            using var answer = await Gateway.Http.SendAsync(request, Cancelled);
            Assert.True(status == answer.StatusCode, $"{content.GetType().Name}: {answer.StatusCode} {await answer.Content.ReadAsStringAsync(Cancelled)}");
        }

        Assert.Equal("1 0 0", await StillAsync(Row));
    }

    [Fact]
    public async Task The_number_of_polls_of_a_site_is_limited()
    {
        for (var i = 0; i < 4; i++)
        {
            using var answer = await VoteAsync($"/react/r{i}?site=example.com&page=/a", "👍", "one");
            Assert.Equal(i < 3 ? HttpStatusCode.NoContent : HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        }

        using var other = await VoteAsync("/react/r?site=example.org&page=/a", "👍", "one");
        Assert.Equal(HttpStatusCode.NoContent, other.StatusCode);
    }

    [Fact]
    public async Task The_limit_of_new_polls_of_an_address_does_not_refuse_votes()
    {
        await using var gateway = await RunningGateway.StartAsync("--Limits:ExemptPrivateAddresses=false", "--Limits:NewPollsPerHour=3");
        for (var i = 0; i < 5; i++)
        {
            // The second vote in a poll begins none, whether it has been written or not.
            foreach (var agent in new[] { "one", "two" })
            {
                using var answer = await VoteAsync(gateway, $"/react/r{i}?site=example.com&page=/a", "👍", agent);
                Assert.Equal(i < 3 ? HttpStatusCode.NoContent : HttpStatusCode.TooManyRequests, answer.StatusCode);
                if (i >= 3)
                {
                    Assert.Contains("new polls", await answer.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
                }
            }
        }
    }

    [Fact]
    public async Task Votes_through_an_unknown_proxy_are_refused_with_the_reason()
    {
        await using var gateway = await RunningGateway.StartAsync();
        await using var trusting = await RunningGateway.StartAsync("--Proxies:Trusted=127.0.0.1");
        foreach (var header in new[] { "X-Forwarded-For", "Via", "Forwarded" })
        {
            using var answer = await PostAsync(gateway, Row, new() { ["answer"] = "A" }, "one", ("Origin", "http://example.com"), (header, "203.0.113.7"));
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
            Assert.Contains("Proxies:Trusted", await answer.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        }

        using var direct = await PostAsync(gateway, Row, new() { ["answer"] = "A" }, "one", ("Origin", "http://example.com"));
        Assert.Equal(HttpStatusCode.NoContent, direct.StatusCode);
        using var named = await PostAsync(
            trusting, Row, new() { ["answer"] = "A" }, "one", ("Origin", "http://example.com"), ("X-Forwarded-For", "203.0.113.7"));
        Assert.Equal(HttpStatusCode.NoContent, named.StatusCode);
    }

    [Fact]
    public async Task The_limits_of_an_address_apply_to_an_unknown_proxy()
    {
        await using var gateway = await RunningGateway.StartAsync("--Limits:VotesPerMinute=3");
        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < 8; i++)
        {
            using var answer = await PostAsync(gateway, Row, new() { ["answer"] = "A" }, $"{i}", ("Origin", "http://example.com"), ("X-Forwarded-For", $"203.0.113.{i}"));
            answers.Add(answer.StatusCode);
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, answers[^1]);
    }

    [Fact]
    public async Task The_reason_of_a_refusal_is_above_the_buttons()
    {
        using var answer = await PostAsync(Gateway, Row, new() { ["answer"] = "A" }, "one", ("Accept", "text/html"));
        var page = await answer.Content.ReadAsStringAsync(Cancelled);
        Assert.Equal((HttpStatusCode.Forbidden, "text/html"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        Assert.Contains("Load it again", page, StringComparison.Ordinal);
        Assert.Contains("url=/embed/vote", page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await Gateway.Http.GetAsync("/embed/vote", Cancelled)).StatusCode);
    }
}
