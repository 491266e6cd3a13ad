using System.Net;
using System.Text.Json;
using Counter.Gateway.Tests.Support;
using Xunit;

namespace Counter.Gateway.Tests.Admin;

/// <summary>Pages, their history, and the installation over HTTP.</summary>
public sealed class PageTests : AdminTest
{
    private const string Site = "/sites/example.com";

    [Fact]
    public async Task Pages_are_listed_in_order_with_paging()
    {
        var viewers = new List<RawClient>();
        foreach (var (path, count) in new[] { ("/a", 1), ("/b", 3), ("/c", 2), ("/d?x=1&y=2", 2) })
        {
            for (var i = 0; i < count; i++)
            {
                viewers.Add(await Gateway.ViewAsync("http://example.com" + path));
            }

            await Gateway.WaitForCountAsync("http://example.com" + path, count);
        }

        var first = await WhenAsync(Site + "/pages?limit=2", list => Names(list, "viewers") is ["3", "2"]);
        Assert.Equal(["/b", "/c"], Names(first, "path"));
        var second = await ReadAsync(HttpStatusCode.OK, "GET", Site + "/pages?limit=2&cursor=" + first.GetProperty("next").GetString());
        Assert.Equal(["/d?x=1&y=2", "/a"], Names(second, "path"));
        Assert.Equal(["/c"], Names(await ReadAsync(HttpStatusCode.OK, "GET", Site + "/pages?contains=C"), "path"));
        Assert.Equal(["/a", "/b", "/c", "/d?x=1&y=2"], Names(await ReadAsync(HttpStatusCode.OK, "GET", Site + "/pages?sort=name"), "path"));

        var page = await ReadAsync(HttpStatusCode.OK, "GET", Site + "/page?path=" + Uri.EscapeDataString("/d?y=2&x=1"));
        Assert.Equal(2, page.GetProperty("viewers").GetInt32());
        var totals = await ReadAsync(HttpStatusCode.OK, "GET", "/totals");
        Assert.Equal("""{"viewers":8,"arrivals":8,"activePages":4,"pages":4,"sites":1}""", totals.GetRawText());
        viewers.ForEach(v => v.Dispose());
    }

    [Fact]
    public async Task A_reset_clears_history_and_a_deletion_the_page_but_viewers_stay()
    {
        using var viewer = await Gateway.ViewAsync("http://example.com/a");
        using (var left = await Gateway.ViewAsync("http://example.com/a"))
        {
            // Who leaves before the next report was never there, as far as it says.
            await WhenAsync(Site + "/page?path=/a", page => page.GetProperty("peak").GetInt32() == 2);
        }

        await WhenAsync(Site + "/page?path=/a", page => page.GetProperty("peak").GetInt32() == 2 && page.GetProperty("viewers").GetInt32() == 1);
        await ReadAsync(HttpStatusCode.NoContent, "POST", Site + "/page/reset?path=/a");
        var reset = await ReadAsync(HttpStatusCode.OK, "GET", Site + "/page?path=/a");
        Assert.Equal((1, 1, 0), (reset.GetProperty("viewers").GetInt32(), reset.GetProperty("peak").GetInt32(), reset.GetProperty("arrivals").GetInt32()));

        viewer.Dispose();
        await WhenAsync(Site + "/page?path=/a", page => page.GetProperty("viewers").GetInt32() == 0);
        await ReadAsync(HttpStatusCode.NoContent, "DELETE", Site + "/page?path=/a");
        await ReadAsync(HttpStatusCode.NotFound, "GET", Site + "/page?path=/a");
        await ReadAsync(HttpStatusCode.NotFound, "DELETE", Site + "/page?path=/a");
        Assert.Equal(["page.delete", "page.reset"], Names(await ReadAsync(HttpStatusCode.OK, "GET", "/audit"), "what"));
    }

    [Fact]
    public async Task History_is_returned_as_JSON_and_CSV()
    {
        using var viewer = await Gateway.ViewAsync("http://example.com/a");
        await Gateway.WaitForCountAsync("http://example.com/a", 1);
        await Gateway.AdvanceForAsync(TimeSpan.FromSeconds(1));
        var minutes = await WhenAsync(
            Site + "/page/history?path=/a&step=minute&from=2026-03-01T11:58:00Z",
            past => past.GetProperty("points").EnumerateArray().Last().GetProperty("peak").GetInt32() == 1);
        Assert.Equal("minute", minutes.GetProperty("step").GetString());
        Assert.Equal(
            ["2026-03-01T11:58:00+00:00", "2026-03-01T11:59:00+00:00", "2026-03-01T12:00:00+00:00"],
            minutes.GetProperty("points").EnumerateArray().Select(p => p.GetProperty("start").GetString()));
        using var csv = await AskAsync("GET", Site + "/history?step=day&format=csv&from=2026-02-28T00:00:00Z");
        Assert.Equal("text/csv", csv.Content.Headers.ContentType?.MediaType);
        var lines = (await csv.Content.ReadAsStringAsync(Cancelled)).Split("\r\n");
        Assert.Equal("start,peak,mean,arrivals", lines[0]);
        Assert.Equal("2026-02-28T00:00:00Z,0,0,0", lines[1]);
        Assert.StartsWith("2026-03-01T00:00:00Z,1,", lines[2], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/pages?sort=size", "sort")]
    [InlineData("/pages?limit=0", "limit")]
    [InlineData("/pages?limit=201", "limit")]
    [InlineData("/pages?limit=ten", "limit")]
    [InlineData("/pages?cursor=%25", "cursor")]
    [InlineData("/pages?cursor=bm8", "cursor")]
    [InlineData("/page", "path")]
    [InlineData("/page?path=%00", "path")]
    [InlineData("/page/history?path=/a&step=century", "step")]
    [InlineData("/page/history?path=/a&from=yesterday", "from")]
    [InlineData("/page/history?path=/a&from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00Z", "from")]
    [InlineData("/history?format=xls", "format")]
    public async Task A_wrong_parameter_is_named_in_the_refusal(string path, string field)
    {
        var problem = await ReadAsync(HttpStatusCode.BadRequest, "GET", Site + path);
        Assert.True(problem.GetProperty("errors").TryGetProperty(field, out _), problem.ToString());
    }

    [Fact]
    public async Task A_gateway_is_listed_with_its_numbers()
    {
        using var viewer = await Gateway.ViewAsync("http://example.com/a");
        await Gateway.WaitForCountAsync("http://example.com/a", 1);
        await Gateway.AdvanceForAsync(TimeSpan.FromSeconds(5));
        await WhenAsync("/gateways", list => Names(list, "streams") is ["1"] && Names(list, "viewers") is ["1"]);
        var only = (await ReadAsync(HttpStatusCode.OK, "GET", "/gateways")).GetProperty("items")[0];
        Assert.Equal(Environment.MachineName, only.GetProperty("name").GetString());
        Assert.Equal(CounterApp.Version, only.GetProperty("version").GetString());
        Assert.True(only.GetProperty("seenAt").GetDateTimeOffset() > only.GetProperty("since").GetDateTimeOffset());
    }

    /// <summary>Asks until the answer is as it should be: reports take a moment of the clock.</summary>
    private async Task<JsonElement> WhenAsync(string path, Predicate<JsonElement> good)
    {
        JsonElement last = default;
        await Wait.UntilAsync(
            async () =>
            {
                Gateway.Clock.Advance(TimeSpan.FromMilliseconds(50));
                using var answer = await AskAsync("GET", path);
                last = answer.IsSuccessStatusCode ? JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancelled)).RootElement.Clone() : default;
                return answer.IsSuccessStatusCode && good(last);
            },
            path);
        return last;
    }
}
