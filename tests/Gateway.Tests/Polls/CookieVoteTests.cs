using System.Net;
using Counter.Gateway.Tests.Support;
using Xunit;

namespace Counter.Gateway.Tests.Polls;

/// <summary>On sites with the cookie, people with the same address and browser have a vote each.</summary>
public sealed class CookieVoteTests : IAsyncLifetime
{
    private const string Row = "/react/like?site=example.com&page=/a&options=A,B,C";

    private readonly Certificate certificate = new();
    private RunningGateway gateway = null!;
    private HttpClient browser = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        gateway = await RunningGateway.StartAsync([.. certificate.Settings, "--Identity:CookieSites=example.com"]);
        var handler = new SocketsHttpHandler { UseCookies = false };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
        browser = new HttpClient(handler) { BaseAddress = gateway.Address };
    }

    public async ValueTask DisposeAsync()
    {
        browser.Dispose();
        await gateway.DisposeAsync();
        certificate.Dispose();
    }

    [Fact]
    public async Task With_cookies_visitors_of_one_address_and_browser_have_a_vote_each()
    {
        var page = await browser.GetStringAsync("/embed" + Row, TestContext.Current.CancellationToken);
        var token = System.Text.RegularExpressions.Regex.Match(page, "name=\"token\" value=\"([^\"]+)\"").Groups[1].Value;
        foreach (var pupil in new[] { 'a', 'b', 'c' })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, Row)
            {
                Content = new FormUrlEncodedContent(new Dictionary<string, string> { ["token"] = token, ["answer"] = "B" }),
            };
            request.Headers.Add("Cookie", "counter=" + new string(pupil, 22));
            using var answer = await browser.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        }

        var shown = await browser.GetStringAsync(PollTest.Picture(Row) + "&live=0", TestContext.Current.CancellationToken);
        Assert.Equal("0 3 0", PollTest.Numbers(shown));
    }

    [Fact]
    public async Task A_picture_opened_before_the_cookie_shows_results_after_a_vote_with_it()
    {
        var secret = Row + "&results=after";
        using var looking = Request(HttpMethod.Get, PollTest.Picture(secret) + "&watch=1");
        looking.Headers.Add("Sec-Fetch-Dest", "image");
        var opening = browser.SendAsync(looking, HttpCompletionOption.ResponseHeadersRead, Cancelled);
        await gateway.AdvanceUntilAsync(() => opening.IsCompleted, "the picture to begin");
        using var picture = await opening;

        using var asking = Request(HttpMethod.Get, "/embed" + secret);
        using var page = await browser.SendAsync(asking, Cancelled);
        var given = Assert.Single(page.Headers.GetValues("Set-Cookie"));
        Assert.Matches("^counter=[A-Za-z0-9_-]{22}; path=/; secure; samesite=none; httponly; Partitioned$", given);
        var token = System.Text.RegularExpressions.Regex.Match(await page.Content.ReadAsStringAsync(Cancelled), "name=\"token\" value=\"([^\"]+)\"").Groups[1].Value;

        using var voting = Request(HttpMethod.Post, secret, given.Split(';')[0]);
        voting.Content = new FormUrlEncodedContent(new Dictionary<string, string> { ["token"] = token, ["answer"] = "B" });
        using var vote = await browser.SendAsync(voting, Cancelled);
        Assert.Equal(HttpStatusCode.NoContent, vote.StatusCode);

        var shown = ReadUntilAsync(await picture.Content.ReadAsStreamAsync(Cancelled), ">1</text>");
        await gateway.AdvanceUntilAsync(shown, "the results");

        // Whoever has it gets no other.
        using var again = Request(HttpMethod.Get, "/embed" + secret, given.Split(';')[0]);
        using var second = await browser.SendAsync(again, Cancelled);
        Assert.False(second.Headers.Contains("Set-Cookie"));
    }

    [Theory]
    [InlineData("/embed/react/like?site=example.org&page=/a&options=A,B,C", true)]
    [InlineData("/embed" + Row, false)]
    public async Task Without_the_setting_or_HTTPS_there_is_no_cookie(string path, bool isSecure)
    {
        await using var plain = await RunningGateway.StartAsync("--Identity:CookieSites=example.com");
        using var page = await (isSecure ? browser : plain.Http).GetAsync(path, Cancelled);
        Assert.Equal((HttpStatusCode.OK, false), (page.StatusCode, page.Headers.Contains("Set-Cookie")));
    }

    private static HttpRequestMessage Request(HttpMethod method, string path, string? cookie = null)
    {
        var request = new HttpRequestMessage(method, path);
        request.Headers.Add("User-Agent", "Mozilla/5.0");
        if (cookie is not null)
        {
            request.Headers.Add("Cookie", cookie);
        }

        return request;
    }

    private static async Task<string> ReadUntilAsync(Stream stream, string text)
    {
        var (read, buffer) = ("", new byte[16384]);
        while (!read.Contains(text, StringComparison.Ordinal))
        {
            var length = await stream.ReadAsync(buffer, Cancelled);
            read += length > 0 ? System.Text.Encoding.UTF8.GetString(buffer, 0, length) : throw new EndOfStreamException(read);
        }

        return read;
    }
}
