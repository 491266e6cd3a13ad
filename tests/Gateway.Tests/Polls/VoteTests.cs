using System.Net;
using System.Text;
using Counter.Gateway.Tests.Support;
using Xunit;

namespace Counter.Gateway.Tests.Polls;

/// <summary>A vote counts once, can be moved and taken back, is shown at once, and is stored.</summary>
public sealed class VoteTests : PollTest
{
    [Fact]
    public async Task A_vote_counts_once_moves_and_is_taken_back()
    {
        await CountAsync(Row, "A");
        Assert.Equal("1 0 0", await StillAsync(Row));
        await CountAsync(Row, "A", "two");
        await CountAsync(Row, "C");
        Assert.Equal("1 0 1", await StillAsync(Row));
        await CountAsync(Row, "C");
        Assert.Equal("1 0 0", await StillAsync(Row));
        await WrittenAsync("like 1 0 0");
    }

    [Fact]
    public async Task A_double_click_is_one_vote_and_the_next_day_allows_another()
    {
        Assert.Equal(HttpStatusCode.NoContent, (await VoteAsync(Row, "B")).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await VoteAsync(Row, "B")).StatusCode);
        Assert.Equal("0 1 0", await StillAsync(Row));
        await WrittenAsync("like 0 1 0");
        Gateway.Clock.Jump(TimeSpan.FromHours(13));
        await CountAsync(Row, "B");
        await WrittenAsync("like 0 2 0");
        var history = await ReadAsync(HttpStatusCode.OK, "GET", $"/sites/example.com/polls/{await OnlyIdAsync()}/history");
        Assert.Equal(["2026-03-01 0 1 0", "2026-03-02 0 1 0"], history.GetProperty("days").EnumerateArray()
            .Select(day => $"{day.GetProperty("day").GetString()} {string.Join(' ', day.GetProperty("votes").EnumerateArray())}"));
    }

    [Fact]
    public async Task Chromium_is_sent_the_picture_compressed()
    {
        using var chromium = await ChromiumViewer.OpenAsync(Gateway, Picture(Row));
        await chromium.ReadFrameAsync("image/svg+xml");
        Assert.Equal("0 0 0", Numbers(Encoding.UTF8.GetString(await chromium.ReadFrameAsync("image/svg+xml"))));
        await CountAsync(Row, "B");
        Assert.Equal("0 1 0", Numbers(Encoding.UTF8.GetString(await chromium.ReadFrameAsync("image/svg+xml"))));
    }

    [Theory]
    [InlineData("png")]
    [InlineData("svg")]
    public async Task Every_viewer_sees_a_vote_at_once(string extension)
    {
        var type = extension == "png" ? "image/png" : "image/svg+xml";
        using var first = await Gateway.ViewAsync("http://example.com/a", Picture(Row, extension));
        using var second = await Gateway.ViewAsync("http://example.com/a", Picture(Row, extension));
        foreach (var viewer in new[] { first, second })
        {
            await viewer.ReadPreambleAsync(type);
            Assert.NotEmpty(await viewer.ReadFrameAsync(type));
        }

        await Gateway.WaitForCountAsync("http://example.com/a", 2);
        await CountAsync(Row, "B");
        var (a, b) = (await first.ReadFrameAsync(type), await second.ReadFrameAsync(type));
        Assert.Equal(a, b);
        Assert.Equal(await Gateway.Http.GetByteArrayAsync(Picture(Row, extension) + "&live=0", Cancelled), a);
        if (extension == "svg")
        {
            Assert.Equal("0 1 0", Numbers(Encoding.UTF8.GetString(a)));
        }
    }

    [Fact]
    public async Task A_picture_with_watch_is_not_counted_and_one_beside_a_counter_counts_once()
    {
        using var watching = await Gateway.ViewAsync("http://example.com/a", Picture(Row) + "&watch=1");
        using var counter = await Gateway.ViewAsync("http://example.com/a", agent: "same");
        using var poll = await Gateway.ViewAsync("http://example.com/a", Picture(Row), "same");
        await poll.ReadPreambleAsync("image/svg+xml");
        await Gateway.WaitForCountAsync("http://example.com/a", 1);
        Assert.Equal(1, await Gateway.CountAsync("http://example.com/a"));
    }

    [Fact]
    public async Task Results_are_shown_to_voters_and_to_all_after_the_end()
    {
        var secret = Tea + "&results=after&closes=2026-03-01T13:00Z";
        await CountAsync(secret, "Yes", "other");
        Assert.Equal("", await StillAsync(secret));
        using var voter = await Gateway.ViewAsync("http://example.com/a", Picture(secret), "one");
        using var other = await Gateway.ViewAsync("http://example.com/a", Picture(secret), "two");
        await voter.ReadPreambleAsync("image/svg+xml");
        await other.ReadPreambleAsync("image/svg+xml");
        Assert.Equal("", Numbers(Encoding.UTF8.GetString(await voter.ReadFrameAsync("image/svg+xml"))));
        Assert.Equal("", Numbers(Encoding.UTF8.GetString(await other.ReadFrameAsync("image/svg+xml"))));
        await CountAsync(secret, "No");
        Assert.Equal("1 1", Numbers(Encoding.UTF8.GetString(await voter.ReadFrameAsync("image/svg+xml"))));
        Gateway.Clock.Advance(TimeSpan.FromHours(1));
        string shown;
        do
        {
            // The same again while it is open, then with the results.
            Gateway.Clock.Advance(TimeSpan.FromSeconds(1));
            shown = Encoding.UTF8.GetString(await other.ReadFrameAsync("image/svg+xml"));
        }
        while (!shown.Contains("Closed", StringComparison.Ordinal));
        Assert.Equal("1 1", Numbers(shown));
        using var late = await VoteAsync(secret, "No", "late");
        Assert.Equal(HttpStatusCode.Conflict, late.StatusCode);
    }

    [Fact]
    public async Task Streams_get_a_last_frame_and_votes_survive_a_restart()
    {
        var data = Directory.CreateTempSubdirectory("counter-polls-");
        try
        {
            await using (var gateway = await RunningGateway.StartAsync("--Data:Directory=" + data.FullName))
            {
                using var viewer = await gateway.ViewAsync("http://example.com/a", Picture(Row));
                for (var i = 0; i < 5; i++)
                {
                    // The first is written at once; the others wait for the clock, which stands still.
                    using var vote = await VoteAsync(gateway, Row, "B", $"{i}");
                    Assert.Equal(HttpStatusCode.NoContent, vote.StatusCode);
                }

                await gateway.StopAsync();
                var all = Encoding.UTF8.GetString(await viewer.ReadToEndAsync());
                Assert.EndsWith("--counter-frame--\r\n", all);
            }

            await using var again = await RunningGateway.StartAsync("--Data:Directory=" + data.FullName);
            Assert.Equal("0 5 0", Numbers(await again.Http.GetStringAsync(Picture(Row) + "&live=0", Cancelled)));
            var kept = StoredText.All(data.FullName);
            Assert.Contains("like", kept, StringComparison.Ordinal);
            Assert.DoesNotContain("127.0.0.1", kept, StringComparison.Ordinal);
            Assert.DoesNotContain("Mozilla", kept, StringComparison.Ordinal);
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    private async Task<string> OnlyIdAsync() =>
        Assert.Single(Names(await ReadAsync(HttpStatusCode.OK, "GET", "/sites/example.com/polls"), "id"));
}
