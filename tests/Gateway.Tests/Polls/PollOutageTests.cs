using System.Net;
using System.Text;
using Counter.Gateway.Tests.Cluster;
using Xunit;

namespace Counter.Gateway.Tests.Polls;

/// <summary>While votes cannot be stored they are refused, and pictures do not wait.</summary>
public sealed class PollOutageTests : UnreliableTest
{
    private const string Svg = "image/svg+xml";
    private const string Row = "/react/like?site=example.com&page=/a&options=A,B,C";
    private const string Secret = Row + "&results=after";

    [Fact]
    public async Task A_vote_that_cannot_be_stored_is_refused()
    {
        Assert.Equal(HttpStatusCode.NoContent, await VoteAsync("A", "one"));
        Unreliable.Away = true;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await VoteAsync("B", "two"));
        Assert.Equal("1 0 0", await ShownAsync());
        Assert.DoesNotContain("aria-pressed=\"true\"", await FrameAsync("one"), StringComparison.Ordinal);
        Unreliable.Away = false;
        Assert.Contains("value=\"A\" title=\"Your answer: A\" aria-label=\"A\" aria-pressed=\"true\"", await FrameAsync("one"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NoContent, await VoteAsync("B", "two"));
        Assert.Equal("1 1 0", await ShownAsync());
    }

    [Fact]
    public async Task Stills_do_not_wait_for_the_vote_of_their_viewer()
    {
        Assert.Equal(HttpStatusCode.NoContent, await VoteAsync("B", "one", Secret));
        var hold = new TaskCompletionSource();
        Unreliable.DelaysVoted = hold.Task;
        foreach (var (method, agent) in new[] { (HttpMethod.Head, "Mozilla/5.0 one"), (HttpMethod.Get, "Googlebot/2.1 (+http://www.google.com/bot.html)") })
        {
            using var request = new HttpRequestMessage(method, PollTest.Picture(Secret));
            request.Headers.TryAddWithoutValidation("User-Agent", agent);
            using var still = await Gateway.Http.SendAsync(request, Stop);
            Assert.Equal(HttpStatusCode.OK, still.StatusCode);
        }

        using var picture = await Gateway.ViewAsync("http://example.com/a", PollTest.Picture(Secret), "one");
        await picture.ReadPreambleAsync(Svg);
        Assert.Equal("", PollTest.Numbers(Encoding.UTF8.GetString(await picture.ReadFrameAsync(Svg))));
        hold.SetResult();
        Assert.Equal("0 1 0", await SharedPollTests.ReadUntilAsync(Gateway, picture, "0 1 0"));
    }

    [Fact]
    public async Task A_visitor_may_vote_again_the_next_day()
    {
        Assert.Equal(HttpStatusCode.NoContent, await VoteAsync("A", "one"));
        Clock.Jump(TimeSpan.FromDays(1) - Clock.GetUtcNow().TimeOfDay);
        await Gateway.AdvanceForAsync(TimeSpan.FromSeconds(2));
        Assert.Equal(HttpStatusCode.NoContent, await VoteAsync("A", "one"));
        Assert.Equal("2 0 0", await ShownAsync());
    }

    private async Task<string> FrameAsync(string agent)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/embed" + Row);
        request.Headers.TryAddWithoutValidation("User-Agent", "Mozilla/5.0 " + agent);
        using var page = await Gateway.Http.SendAsync(request, Stop);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        return await page.Content.ReadAsStringAsync(Stop);
    }

    private async Task<string> ShownAsync() => PollTest.Numbers(await Gateway.Http.GetStringAsync(PollTest.Picture(Row) + "&live=0", Stop));

    private async Task<HttpStatusCode> VoteAsync(string answer, string agent, string path = Row)
    {
        using var voted = await PollTest.VoteAsync(Gateway, path, answer, agent);
        return voted.StatusCode;
    }
}
