using System.Net;
using Counter.Gateway.Tests.Support;
using Xunit;

namespace Counter.Gateway.Tests.Polls;

/// <summary>On sites that asked for the cookie, people with the same address and browser have a vote each.</summary>
public sealed class CookieVoteTests : IAsyncLifetime
{
    private const string Row = "/react/like?site=example.com&page=/a&options=A,B,C";

    private readonly Certificate certificate = new();
    private RunningGateway gateway = null!;
    private HttpClient browser = null!;

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
    public async Task A_class_with_one_address_and_browser_has_a_vote_each_even_if_the_page_came_before_the_cookie()
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
}
