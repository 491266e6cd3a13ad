using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Counter.Gateway.Admin;
using Counter.Gateway.Documents;
using Counter.Gateway.SitePages;
using Counter.Gateway.Tests.Cluster;
using Counter.Gateway.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Counter.Gateway.Tests.SitePages;

/// <summary>Readers of a public site whose presence takes its time.</summary>
public sealed class PublicReaderTests : UnreliableTest
{
    private const string Address = "/sites/mine.example";

    [Fact]
    public async Task The_page_of_others_has_its_list_although_the_reader_who_asked_first_has_left()
    {
        await MakePublicAsync();
        using var viewer = await Gateway.ViewAsync("http://mine.example/tea");
        await Wait.UntilAsync(async () => (await AskAsync(HttpMethod.Get, "/pages")).Contains("/tea", StringComparison.Ordinal), "the page to be in the list");
        var asked = Unreliable.AskedForPages;
        var silo = new TaskCompletionSource();
        Unreliable.DelaysPages = silo.Task;
        using var leave = new CancellationTokenSource();
        var first = Gateway.Http.GetAsync(Address, leave.Token);
        await Wait.UntilAsync(() => Unreliable.AskedForPages == asked + 1, "the first reader to ask");
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        var second = Gateway.Http.GetStringAsync(Address, Stop);
        silo.SetResult();
        Assert.Contains("<td>/tea</td>", await second, StringComparison.Ordinal);
        Assert.Equal(asked + 1, Unreliable.AskedForPages);
    }

    [Fact]
    public async Task More_searches_at_once_are_refused_with_a_sentence_and_the_page_is_shown()
    {
        await MakePublicAsync();
        var silo = new TaskCompletionSource();
        Unreliable.DelaysPages = silo.Task;
        var searches = Enumerable.Range(0, PublicAnswers.MostSearches).Select(i => Gateway.Http.GetStringAsync($"{Address}?contains={i}", Stop)).ToList();
        await Wait.UntilAsync(() => Unreliable.AskedForPages == searches.Count, "the searches");
        using var refused = await Gateway.Http.GetAsync(Address + "?contains=more", Stop);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, TimeSpan.FromSeconds(1)), (refused.StatusCode, refused.Headers.RetryAfter?.Delta));
        Assert.Contains("Try again in a second.", await refused.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        var page = Gateway.Http.GetStringAsync(Address, Stop);
        await Wait.UntilAsync(() => Unreliable.AskedForPages == searches.Count + 1, "the page");
        silo.SetResult();
        await Task.WhenAll(searches.Append(page));
    }

    [Fact]
    public async Task A_cancelled_call_of_the_API_has_no_answer()
    {
        using var scope = Gateway.App.Services.CreateScope();
        var outer = new DefaultHttpContext { RequestServices = scope.ServiceProvider };

        // The refusal of the parameter is written, which is cancelled.
        var call = new ApiCall(HttpMethods.Get, "/sites/{site}/pages", new() { ["site"] = "mine.example" }) { Query = new QueryString("?sort=x") };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => scope.ServiceProvider.GetRequiredService<ApiCaller>()
            .CallAsync(outer, new KeyHolder("public", "public", KeyRole.Read, "mine.example"), call, new CancellationToken(canceled: true)));
    }

    private Task<string> MakePublicAsync() => AskAsync(HttpMethod.Patch, "", JsonContent.Create(new { @public = true }));

    /// <summary>Asks the admin API about the site.</summary>
    private async Task<string> AskAsync(HttpMethod method, string path, JsonContent? body = null)
    {
        using var request = new HttpRequestMessage(method, "/api/v1" + Address + path) { Content = body };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", RunningGateway.OperatorKey);
        using var answer = await Gateway.Http.SendAsync(request, Stop);
        return await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync(Stop);
    }
}
