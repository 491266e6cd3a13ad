using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using Counter.Counting.Cluster;
using Counter.Counting.Documents;
using Counter.Gateway.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Counter.Gateway.Tests.Sites;

/// <summary>The effects of a site's settings on its pictures.</summary>
public sealed class SiteSettingsTests
{
    private const string Page = "http://example.com/a";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task In_registered_mode_only_sites_with_settings_are_counted()
    {
        await using var gateway = await RunningGateway.StartAsync("--Sites:Mode=registered");
        using (var unknown = await gateway.ViewAsync(Page))
        {
            Assert.Equal(403, unknown.Status);
            Assert.Contains("Content-Type: image/png", unknown.Head, StringComparison.Ordinal);
            Assert.Contains("Content-Length", unknown.Head, StringComparison.Ordinal);
        }

        using var answer = await gateway.Http.GetAsync("/online.json?site=example.com&page=/a", Cancelled);
        Assert.Contains("example.com is not registered here", await answer.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);

        await PutAsync(gateway, "example.com", new { });
        using var known = await gateway.ViewAsync(Page);
        Assert.Equal(200, known.Status);
        await gateway.WaitForCountAsync(Page, 1);

        // Forgotten, its streams end with a last frame.
        using var gone = await SendAsync(gateway, HttpMethod.Delete, "example.com", null);
        Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
        await known.ReadToEndAsync();
    }

    [Fact]
    public async Task A_site_that_is_no_longer_counted_shows_a_notice_and_its_streams_end()
    {
        await using var gateway = await RunningGateway.StartAsync();
        using var before = await gateway.ViewAsync(Page);
        using var other = await gateway.ViewAsync("http://other.example/");
        await gateway.WaitForCountAsync(Page, 1);
        await PutAsync(gateway, "example.com", new { counting = false });
        var all = await before.ReadToEndAsync();
        Assert.EndsWith("--counter-frame--\r\n", Encoding.Latin1.GetString(all), StringComparison.Ordinal);
        using var after = await gateway.ViewAsync(Page);
        Assert.Equal(403, after.Status);
        await gateway.WaitForCountAsync("http://other.example/", 1);
    }

    [Fact]
    public async Task Unreadable_settings_of_one_site_do_not_affect_others()
    {
        await using var gateway = await RunningGateway.StartAsync("--Sites:Mode=registered");
        await gateway.App.Services.GetRequiredService<ICluster>().Documents.TryChangeAsync(
            [
                new DocumentChange(DocumentKind.Site, "broken.example", "{\"counting\":17}"),
                new DocumentChange(DocumentKind.Site, "later.example", "{\"counting\":true,\"mood\":\"good\"}"),
            ],
            Cancelled);
        await PutAsync(gateway, "example.com", new { });
        using var good = await gateway.ViewAsync(Page);
        using var newer = await gateway.ViewAsync("http://later.example/");
        using var broken = await gateway.ViewAsync("http://broken.example/");
        Assert.Equal((200, 200, 403), (good.Status, newer.Status, broken.Status));
        using var deleted = await SendAsync(gateway, HttpMethod.Delete, "broken.example", null);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
    }

    [Fact]
    public async Task Extra_hosts_count_for_the_same_site()
    {
        await using var gateway = await RunningGateway.StartAsync();
        await PutAsync(gateway, "example.com", new { hosts = new[] { "example.org", "shop.example.com" } });
        using var first = await gateway.ViewAsync("http://www.example.org/a");
        using var second = await gateway.ViewAsync(Page);
        await gateway.WaitForCountAsync(Page, 2);
        await gateway.WaitForCountAsync("http://shop.example.com/a", 2);
    }

    [Fact]
    public async Task The_look_of_the_site_is_the_default_for_its_pictures()
    {
        await using var gateway = await RunningGateway.StartAsync();
        await PutAsync(gateway, "example.com", new { look = new { label = "Readers: {n}", color = "red", theme = "auto" } });
        var plain = await gateway.Http.GetByteArrayAsync("/online.png?site=example.com&page=/a&live=0", Cancelled);
        Assert.Equal(await gateway.PreviewAsync("n=0&label=Readers:%20%7Bn%7D&color=red"), plain);
        var own = await gateway.Http.GetByteArrayAsync("/online.png?site=example.com&page=/a&live=0&color=blue", Cancelled);
        Assert.Equal(await gateway.PreviewAsync("n=0&label=Readers:%20%7Bn%7D&color=blue"), own);
        var elsewhere = await gateway.Http.GetByteArrayAsync("/online.png?site=example.net&page=/a&live=0", Cancelled);
        Assert.Equal(await gateway.PreviewAsync("n=0"), elsewhere);
    }

    [Fact]
    public async Task Limits_of_a_site_apply_to_that_site()
    {
        await using var gateway = await RunningGateway.StartAsync();
        await PutAsync(gateway, "example.com", new { limits = new { pages = 1, streamsPerPage = 2 } });
        using var first = await gateway.ViewAsync(Page);
        using var second = await gateway.ViewAsync(Page);
        await gateway.WaitForCountAsync(Page, 2);
        using var third = await gateway.ViewAsync(Page);
        Assert.Contains("Content-Length", third.Head, StringComparison.Ordinal);

        // A second page is refused by the cluster, and its stream ends.
        using var other = await gateway.ViewAsync("http://example.com/b");
        var ended = other.ReadToEndAsync();
        await gateway.AdvanceUntilAsync(() => ended.IsCompleted, "the stream of one page too many to end");
        await ended;
        using var free = await gateway.ViewAsync("http://example.net/b");
        await gateway.WaitForCountAsync("http://example.net/b", 1);
    }

    [Fact]
    public async Task Settings_survive_a_restart()
    {
        var data = Directory.CreateTempSubdirectory("counter-test-");
        try
        {
            await using (var gateway = await RunningGateway.StartAsync("--Data:Directory=" + data.FullName, "--Sites:Mode=registered"))
            {
                await PutAsync(gateway, "example.com", new { });
            }

            await using (var gateway = await RunningGateway.StartAsync("--Data:Directory=" + data.FullName, "--Sites:Mode=registered"))
            {
                using var known = await gateway.ViewAsync(Page);
                Assert.Equal(200, known.Status);
            }
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    private static async Task PutAsync(RunningGateway gateway, string site, object settings)
    {
        using var answer = await SendAsync(gateway, HttpMethod.Put, site, settings);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancelled));
    }

    private static async Task<HttpResponseMessage> SendAsync(RunningGateway gateway, HttpMethod method, string site, object? settings)
    {
        using var read = new HttpRequestMessage(HttpMethod.Get, "/api/v1/sites/" + site);
        read.Headers.Authorization = new AuthenticationHeaderValue("Bearer", RunningGateway.OperatorKey);
        using var there = await gateway.Http.SendAsync(read, Cancelled);
        using var request = new HttpRequestMessage(method, "/api/v1/sites/" + site);
        request.Headers.Authorization = read.Headers.Authorization;
        request.Content = settings is null ? null : JsonContent.Create(settings);
        if (there.IsSuccessStatusCode && there.Headers.ETag is { Tag: not "\"0\"" } tag)
        {
            request.Headers.IfMatch.Add(tag);
        }

        return await gateway.Http.SendAsync(request, Cancelled);
    }
}
