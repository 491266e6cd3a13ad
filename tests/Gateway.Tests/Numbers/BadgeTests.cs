using System.Net;
using System.Text.Json;
using Counter.Gateway.Documents;
using Counter.Gateway.Frames;
using Counter.Gateway.Numbers;
using Counter.Gateway.Tests.Support;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Counter.Gateway.Tests.Numbers;

/// <summary>The badge for shields.io.</summary>
public sealed class BadgeTests : IAsyncLifetime
{
    private const string Query = "?site=example.com&page=/a";

    private RunningGateway gateway = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => gateway = await RunningGateway.StartAsync();

    public ValueTask DisposeAsync() => gateway.DisposeAsync();

    [Theory]
    [InlineData("", """{"schemaVersion":1,"label":"users online","message":"1","color":"#1a7f37","isError":false,"cacheSeconds":300}""")]
    [InlineData(
        "&label=Readers: {n}&color=c0f&style=for-the-badge",
        """{"schemaVersion":1,"label":"Readers","message":"1","color":"#cc00ff","isError":false,"style":"for-the-badge","cacheSeconds":300}""")]
    [InlineData("&label={n}&page=/b", """{"schemaVersion":1,"label":"","message":"0","color":"#6e7781","isError":false,"cacheSeconds":300}""")]
    [InlineData("&count=site&page=/b", """{"schemaVersion":1,"label":"users online","message":"1","color":"#1a7f37","isError":false,"cacheSeconds":300}""")]
    public async Task It_has_the_fields_of_the_schema_and_no_others(string more, string json)
    {
        using var viewer = await gateway.ViewAsync("http://example.com/a");
        await gateway.WaitForCountAsync("http://example.com/a", 1);
        Assert.Equal(json, await gateway.Http.GetStringAsync("/badge.json" + Query + more, Cancelled));
    }

    [Fact]
    public async Task It_counts_no_viewer_and_any_origin_may_read_it()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/badge.json" + Query);
        request.Headers.Add("Origin", "https://example.com");
        request.Headers.UserAgent.ParseAdd("Mozilla/5.0");
        using var answer = await gateway.Http.SendAsync(request, Cancelled);
        Assert.Equal("application/json; charset=utf-8", answer.Content.Headers.ContentType?.ToString());
        Assert.Equal("*", answer.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Equal(0, await gateway.CountAsync("http://example.com/a"));
    }

    [Fact]
    public void A_number_that_is_not_live_is_an_error()
    {
        Assert.True(ShieldsBadge.TryMake(QueryCollection.Empty, SiteSettings.Default, new DisplayedCount(1234, Live: false), out var badge, out _));
        Assert.Equal(("~1,234", true, "#6e7781"), (badge.Message, badge.IsError, badge.Color));
    }

    [Theory]
    [InlineData("?page=/a", HttpStatusCode.Forbidden, "no page")]
    [InlineData(Query + "&style=pill", HttpStatusCode.BadRequest, "style: flat, flat-square, plastic, for-the-badge or social.")]
    [InlineData(Query + "&color=mud", HttpStatusCode.BadRequest, "color: ")]
    [InlineData(Query + "&label=%00", HttpStatusCode.BadRequest, "label: ")]
    [InlineData(Query + "&count=all", HttpStatusCode.BadRequest, "count: ")]
    [InlineData("?site=a:b:c&page=/a", HttpStatusCode.BadRequest, "site: ")]
    public async Task Invalid_input_is_refused_with_a_sentence(string query, HttpStatusCode status, string sentence)
    {
        using var answer = await gateway.Http.GetAsync("/badge.json" + query, Cancelled);
        Assert.Equal((status, "application/problem+json"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        using var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancelled));
        Assert.Contains(sentence, problem.RootElement.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }
}
