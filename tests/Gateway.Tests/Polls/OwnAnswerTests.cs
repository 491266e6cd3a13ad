using System.Text.RegularExpressions;
using Counter.Counting.Polls;
using Xunit;

namespace Counter.Gateway.Tests.Polls;

/// <summary>A visitor's own answer is marked on the page and in the frame for this visitor only.</summary>
public sealed partial class OwnAnswerTests : PollTest
{
    [Theory]
    [InlineData("")]
    [InlineData("/embed")]
    public async Task The_visitor_s_answer_is_marked_until_it_is_moved_taken_back_or_expires(string place)
    {
        Assert.Equal("-", await MarkedAsync(place + Row));
        await CountAsync(Row, "B");
        Assert.Equal("B", await MarkedAsync(place + Row));
        Assert.Equal("-", await MarkedAsync(place + Row, "two"));
        await CountAsync(Row, "A", "two");
        Assert.Equal(("B", "A"), (await MarkedAsync(place + Row), await MarkedAsync(place + Row, "two")));
        await CountAsync(Row, "C");
        Assert.Equal("C", await MarkedAsync(place + Row));
        await CountAsync(Row, "C");
        Assert.Equal("-", await MarkedAsync(place + Row));
        await CountAsync(Row, "C");
        Gateway.Clock.Jump(TimeSpan.FromHours(13));
        Assert.Equal("-", await MarkedAsync(place + Row));
    }

    [Fact]
    public async Task Nothing_is_marked_after_a_reset()
    {
        await CountAsync(Tea, "No");
        Assert.Equal("No", await MarkedAsync(Tea));
        var list = await ReadAsync(System.Net.HttpStatusCode.OK, "GET", "/sites/example.com/polls");
        var id = list.GetProperty("items")[0].GetProperty("id").GetString();
        await ReadAsync(System.Net.HttpStatusCode.OK, "POST", $"/sites/example.com/polls/{id}/reset");
        Assert.Equal("-", await MarkedAsync(Tea));
    }

    [Fact]
    public async Task A_page_with_the_visitor_s_answer_is_not_stored_by_proxies()
    {
        await CountAsync(Row, "B");
        using var page = await OpenAsync("/embed" + Row, "one");
        Assert.True(page.Headers.CacheControl is { Private: true, NoCache: true });
        Assert.DoesNotContain("Tea", new VoteChoice("Tea", "x").ToString(), StringComparison.Ordinal);
    }

    private async Task<HttpResponseMessage> OpenAsync(string path, string agent)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("User-Agent", "Mozilla/5.0 " + agent);
        return await Gateway.Http.SendAsync(request, Cancelled);
    }

    /// <summary>The answers whose buttons are pressed; a dash for none.</summary>
    private async Task<string> MarkedAsync(string path, string agent = "one")
    {
        using var page = await OpenAsync(path, agent);
        var buttons = Button().Matches(await page.Content.ReadAsStringAsync(Cancelled));
        Assert.NotEmpty(buttons);
        return string.Join(',', buttons.Where(button => button.Groups[2].Value == "true").Select(button => button.Groups[1].Value).DefaultIfEmpty("-"));
    }

    [GeneratedRegex("<button name=\"answer\" value=\"([^\"]+)\"[^>]*aria-pressed=\"(true|false)\"")]
    private static partial Regex Button();
}
