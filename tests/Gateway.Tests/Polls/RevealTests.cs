using System.Net;
using System.Text;
using Counter.Counting.Polls;
using Counter.Gateway.Cluster;
using Counter.Gateway.Tests.Links;
using Counter.Gateway.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Counter.Gateway.Tests.Polls;

/// <summary>Who sees which votes, and what nobody has to wait for.</summary>
public sealed class RevealTests : PollTest
{
    private const string Svg = "image/svg+xml";
    private const string Secret = Row + "&results=after";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task A_picture_that_was_opened_before_midnight_shows_the_results_to_who_votes_after_it()
    {
        Gateway.Clock.Jump(TimeSpan.FromHours(12) - TimeSpan.FromSeconds(1));
        using var picture = await Gateway.LookAsync("http://example.com/a", Picture(Secret), "one");
        await picture.ReadPreambleAsync(Svg);
        Assert.Equal("", Numbers(Encoding.UTF8.GetString(await picture.ReadFrameAsync(Svg))));
        Gateway.Clock.Advance(TimeSpan.FromSeconds(2));
        await CountAsync(Secret, "B");
        Assert.Equal("0 1 0", await PollLinkTests.ReadUntilAsync(Gateway, picture, "0 1 0"));
    }

    [Fact]
    public async Task A_poll_that_is_deleted_is_shown_without_its_votes()
    {
        await CountAsync(Row, "A");
        await WrittenAsync("like 1 0 0");
        using var picture = await Gateway.LookAsync("http://example.com/a", Picture(Row));
        await picture.ReadPreambleAsync(Svg);
        Assert.Equal("1 0 0", Numbers(Encoding.UTF8.GetString(await picture.ReadFrameAsync(Svg))));
        var id = Assert.Single(Names(await ReadAsync(HttpStatusCode.OK, "GET", "/sites/example.com/polls"), "id"));
        await ReadAsync(HttpStatusCode.NoContent, "DELETE", $"/sites/example.com/polls/{id}");
        Assert.Equal("0 0 0", await PollLinkTests.ReadUntilAsync(Gateway, picture, "0 0 0"));
    }

    [Fact]
    public async Task A_keeper_that_does_not_answer_delays_no_picture()
    {
        await using var linked = await LinkedGateways.StartAsync(2);
        var ids = Enumerable.Range(0, 2).Select(i => linked[i].App.Services.GetRequiredService<ThisGateway>().Id).ToArray();
        var asked = new PollDefinition(null, ["A", "B", "C"], Results: ResultsShown.AfterVoting);
        var keeper = Array.IndexOf(ids, Keeper.Of(PollDefinition.Id("example.com", "/a", "like", asked), ids));
        var here = linked[1 - keeper];
        using (var vote = await VoteAsync(linked[keeper], Secret, "B", "one"))
        {
            Assert.Equal(HttpStatusCode.NoContent, vote.StatusCode);
        }

        // The clock stands still, so whoever waits for the keeper waits for ever.
        linked.CableTo(keeper).Hold();
        linked.Clock.Advance(TimeSpan.FromMilliseconds(100));
        foreach (var (method, agent) in new[] { (HttpMethod.Head, "Mozilla/5.0 one"), (HttpMethod.Get, "Googlebot/2.1 (+http://www.google.com/bot.html)") })
        {
            using var request = new HttpRequestMessage(method, Picture(Secret));
            request.Headers.TryAddWithoutValidation("User-Agent", agent);
            using var still = await here.Http.SendAsync(request, Cancelled).WaitAsync(Patience, Cancelled);
            Assert.Equal(HttpStatusCode.OK, still.StatusCode);
        }

        using var picture = await RawClient.OpenAsync(
            here.Address, Picture(Secret), "Referer: http://example.com/a", "User-Agent: Mozilla/5.0 one", "Accept: image/*", "Sec-Fetch-Dest: image")
            .WaitAsync(Patience, Cancelled);
        await picture.ReadPreambleAsync(Svg);
        Assert.Equal("", Numbers(Encoding.UTF8.GetString(await picture.ReadFrameAsync(Svg))));
        linked.CableTo(keeper).Release();
        Assert.Equal("0 1 0", await PollLinkTests.ReadUntilAsync(here, picture, "0 1 0"));
    }

    [Fact]
    public async Task What_is_said_of_a_vote_goes_away_once_and_then_nothing_is_loaded_again()
    {
        Assert.DoesNotContain("http-equiv", await Gateway.Http.GetStringAsync("/embed/vote", Cancelled), StringComparison.Ordinal);
        using var refused = await PostAsync(Gateway, Row, new() { ["answer"] = "A" }, "one", ("Accept", "text/html"));
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        var said = await refused.Content.ReadAsStringAsync(Cancelled);
        Assert.Contains("http-equiv=\"refresh\"", said, StringComparison.Ordinal);
        Assert.Contains("your network changed", said, StringComparison.Ordinal);
    }
}
