using System.Net;
using System.Text;
using Xunit;

namespace Counter.Gateway.Tests.Polls;

/// <summary>The visitors who see the results of a poll.</summary>
public sealed class RevealTests : PollTest
{
    private const string Svg = "image/svg+xml";
    private const string Secret = Row + "&results=after";

    [Fact]
    public async Task A_picture_opened_before_midnight_shows_results_after_a_vote()
    {
        Gateway.Clock.Jump(TimeSpan.FromHours(12) - TimeSpan.FromSeconds(1));
        using var picture = await Gateway.ViewAsync("http://example.com/a", Picture(Secret), "one");
        await picture.ReadPreambleAsync(Svg);
        Assert.Equal("", Numbers(Encoding.UTF8.GetString(await picture.ReadFrameAsync(Svg))));
        Gateway.Clock.Advance(TimeSpan.FromSeconds(2));
        await CountAsync(Secret, "B");
        Assert.Equal("0 1 0", await SharedPollTests.ReadUntilAsync(Gateway, picture, "0 1 0"));
    }

    [Fact]
    public async Task A_deleted_poll_is_shown_without_votes()
    {
        await CountAsync(Row, "A");
        await WrittenAsync("like 1 0 0");
        using var picture = await Gateway.ViewAsync("http://example.com/a", Picture(Row));
        await picture.ReadPreambleAsync(Svg);
        Assert.Equal("1 0 0", Numbers(Encoding.UTF8.GetString(await picture.ReadFrameAsync(Svg))));
        var id = Assert.Single(Names(await ReadAsync(HttpStatusCode.OK, "GET", "/sites/example.com/polls"), "id"));
        await ReadAsync(HttpStatusCode.NoContent, "DELETE", $"/sites/example.com/polls/{id}");
        Assert.Equal("0 0 0", await SharedPollTests.ReadUntilAsync(Gateway, picture, "0 0 0"));
    }

    [Fact]
    public async Task The_notice_after_a_vote_disappears_with_one_reload()
    {
        Assert.DoesNotContain("http-equiv", await Gateway.Http.GetStringAsync("/embed/vote", Cancelled), StringComparison.Ordinal);
        using var refused = await PostAsync(Gateway, Row, new() { ["answer"] = "A" }, "one", ("Accept", "text/html"));
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        var body = await refused.Content.ReadAsStringAsync(Cancelled);
        Assert.Contains("http-equiv=\"refresh\"", body, StringComparison.Ordinal);
        Assert.Contains("your network changed", body, StringComparison.Ordinal);
    }
}
