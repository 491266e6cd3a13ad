using System.Net;
using System.Text.RegularExpressions;
using Counter.Gateway.Tests.Admin;
using Counter.Gateway.Visitors;
using Xunit;

namespace Counter.Gateway.Tests.Visitors;

/// <summary>A site may count only requests that its own pages make, as far as browsers say so.</summary>
public sealed partial class RefererProofTests : AdminTest
{
    private const string Page = "https://example.com/a";
    private const string Named = "?site=example.com&page=/a";
    private const string Chrome = "User-Agent: Mozilla/5.0 Chrome/156";
    private const string Firefox = "User-Agent: Mozilla/5.0 Gecko/20100101 Firefox/153.0";

    [Theory]
    [InlineData("Referer: https://example.com/a", "", true)]
    [InlineData("Referer: https://www.example.com/", Named, true)]
    [InlineData("Referer: https://shop.example.com/b", Named, true)]
    [InlineData("Referer: https://example-com.translate.goog/a?_x_tr_sl=en", "", true)]
    [InlineData("Origin: https://example.com", Named, true)]
    [InlineData("Origin: https://shop.example.com", Named, true)]
    [InlineData("X-None: 1", Named, false)]
    [InlineData("X-None: 1", Named + "&proof=", false)]
    [InlineData("X-None: 1", Named + "&proof=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", false)]
    [InlineData("X-None: 1", Named + "&proof=%F0%9F%98%80", false)]
    [InlineData("Origin: null", Named, false)]
    [InlineData("Origin: https://evil.example", Named, false)]
    [InlineData("Referer: https://evil.example/", Named, false)]
    [InlineData("Referer: https://example.com.evil.example/", Named, false)]
    [InlineData("Referer: https://evil.example/https://example.com/", Named, false)]
    [InlineData("Referer: https://example.com@evil.example/", Named, false)]
    [InlineData("Referer: example.com", Named, false)]
    [InlineData("Referer: https://example-com.translate.goog.evil.example/a", Named, false)]
    public async Task With_the_setting_only_requests_from_the_site_count_and_all_get_the_number(string header, string query, bool counts)
    {
        await WantProofAsync();
        using var reader = await Gateway.ViewAsync(Page);
        await Gateway.WaitForCountAsync(Page, 1);
        using var picture = await Gateway.OpenAsync("/online.png" + query, header, "User-Agent: Mozilla/5.0", "Accept: image/*", "Sec-Fetch-Dest: image");
        Assert.Equal(200, picture.Status);
        using var events = await Gateway.OpenAsync("/online/events" + query, header, "User-Agent: Mozilla/5.0 script");
        var viewers = counts ? 3 : 1;
        await events.ReadBodyUntilAsync($"\"viewers\":{viewers}");
        await Gateway.WaitForCountAsync(Page, viewers);
    }

    [Fact]
    public async Task Without_the_setting_the_page_parameter_is_enough()
    {
        using var picture = await Gateway.OpenAsync("/online.png" + Named, "User-Agent: Mozilla/5.0", "Accept: image/*", "Sec-Fetch-Dest: image");
        await Gateway.WaitForCountAsync(Page, 1);
        Assert.DoesNotContain("proof=", await FrameAsync("/embed?page=/a", Chrome, "https://example.com/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_frame_on_a_page_of_the_site_counts_by_its_own_referer()
    {
        await WantProofAsync();
        await ReadAsync(HttpStatusCode.Created, "PUT", "/sites/other.example", new { proof = "referer" });
        foreach (var (i, referer) in new[] { "https://example.com/", "https://shop.example.com/" }.Index())
        {
            var stream = StreamOf(await FrameAsync("/embed?site=example.com&page=/a", Chrome, referer));
            using var first = await Gateway.OpenAsync(stream, Chrome + i);
            await Gateway.WaitForCountAsync(Page, 0);
            using var own = await Gateway.OpenAsync(stream, Chrome);
            await Gateway.WaitForCountAsync(Page, 1);
            own.Dispose();
            await Gateway.WaitForCountAsync(Page, 0);

            // It is worth nothing to others, for another site, or after a day.
            using var elsewhere = await Gateway.OpenAsync(IPAddress.Parse("127.0.0.9"), stream, Chrome);
            using var other = await Gateway.OpenAsync(stream.Replace("example.com", "other.example", StringComparison.Ordinal), Chrome);
            Assert.Equal((0, 0), (await Gateway.CountAsync(Page), await Gateway.CountAsync("https://other.example/a")));
            Gateway.Clock.Jump(RefererProof.Lifetime + TimeSpan.FromSeconds(1));
            using var late = await Gateway.OpenAsync(stream, Chrome);
            Assert.Equal((200, 0), (late.Status, await Gateway.CountAsync(Page)));
        }
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData(null)]
    public async Task The_frame_on_a_page_of_another_site_is_not_counted(string? referer)
    {
        await WantProofAsync();
        var html = await FrameAsync("/embed?site=example.com&page=/a", Chrome, referer);
        Assert.DoesNotContain("proof=", html, StringComparison.Ordinal);
        using var picture = await Gateway.OpenAsync(StreamOf(html), Chrome);
        Assert.Equal(200, picture.Status);
        await Gateway.WaitForCountAsync(Page, 0);
    }

    [Fact]
    public async Task A_frame_that_reloads_itself_keeps_its_proof()
    {
        await WantProofAsync();
        var first = await FrameAsync("/embed?page=/a", Firefox, "https://example.com/");
        var again = await FrameAsync(WebUtility.HtmlDecode(Reload().Match(first).Groups[1].Value), Firefox, referer: null);
        Assert.Equal(Proof().Match(first).Value, Proof().Match(again).Value);
        using var picture = await Gateway.OpenAsync(StreamOf(again) + "&own=1", Firefox);
        await Gateway.WaitForCountAsync(Page, 1);
    }

    private async Task WantProofAsync() => await ReadAsync(
        HttpStatusCode.Created, "PUT", "/sites/example.com", new { proof = "referer", hosts = new[] { "shop.example.com" } });

    private async Task<string> FrameAsync(string address, string agent, string? referer)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.TryAddWithoutValidation("User-Agent", agent["User-Agent: ".Length..]);
        request.Headers.Referrer = referer is null ? null : new Uri(referer);
        using var answer = await Gateway.Http.SendAsync(request, Cancelled);
        Assert.True(answer.Headers.CacheControl!.Private);
        return await answer.Content.ReadAsStringAsync(Cancelled);
    }

    private static string StreamOf(string html) => WebUtility.HtmlDecode(Stream().Match(html).Groups[1].Value);

    [GeneratedRegex("data-stream=\"([^\"]+)\"")]
    private static partial Regex Stream();

    [GeneratedRegex("http-equiv=\"refresh\" content=\"60; url=([^\"]+)\"")]
    private static partial Regex Reload();

    [GeneratedRegex("proof=[A-Za-z0-9_-]{32}")]
    private static partial Regex Proof();
}
