using System.Net;
using Counter.Gateway.Tests.Support;
using Xunit;

namespace Counter.Gateway.Tests.Polls;

/// <summary>The parameters of a poll's address.</summary>
public sealed class PollRequestTests : PollTest
{
    private const string Page = "site=example.com&page=/a";

    [Theory]
    [InlineData("/react/like?" + Page)]
    [InlineData("/react/like?" + Page + "&options=Yes,No&theme=dark&size=10&scale=4&color=red&background=fff&locale=ar")]
    [InlineData("/react/like?" + Page + "&options=%F0%9F%91%A8%E2%80%8D%F0%9F%91%A9%E2%80%8D%F0%9F%91%A7%E2%80%8D%F0%9F%91%A6,%F0%9F%8F%B4%F3%A0%81%A7%F3%A0%81%A2%F3%A0%81%B3%F3%A0%81%A3%F3%A0%81%B4%F3%A0%81%BF,%F0%9F%87%A9%F0%9F%87%AA")]
    [InlineData("/react/like?" + Page + "&options=%D7%A9%D7%9C%D7%95%D7%9D,%D9%85%D8%B1%D8%AD%D8%A8%D8%A7")]
    [InlineData("/react/like?" + Page + "&options=1,2,3,4,5,6,7,8")]
    [InlineData("/poll/tea?" + Page + "&question=Yes%2C%20or%20no%3F&options=Yes%2C%20please%7CNo&closes=2026-12-31&results=after&width=800")]
    [InlineData("/react/like?" + Page + "&closes=2026-12-31T18:00Z")]
    [InlineData("/react/like?" + Page + "&closes=2026-12-31T18:00:30.5%2B01:00")]
    [InlineData("/poll/tea?" + Page + "&options=%3Cscript%3Ealert(1)%3C/script%3E,%22%27%26%3C")]
    public async Task Valid_parameters_are_drawn(string path)
    {
        foreach (var extension in new[] { "png", "svg" })
        {
            using var answer = await Gateway.Http.GetAsync(Picture(path, extension) + "&live=0" + (extension == "png" ? "" : "&theme=auto"), Cancelled);
            var body = await answer.Content.ReadAsStringAsync(Cancelled);
            Assert.True(answer.IsSuccessStatusCode, body);
            if (extension == "svg")
            {
                Assert.DoesNotContain("<script", body, StringComparison.Ordinal);
                Assert.NotNull(System.Xml.Linq.XDocument.Parse(body).Root);
            }
        }

        foreach (var page in new[] { path, "/embed" + path })
        {
            var html = await Gateway.Http.GetStringAsync(page, Cancelled);
            Assert.DoesNotContain("<script>alert", html, StringComparison.Ordinal);
            Assert.Contains("method=\"post\"", html, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("/react/like", "", "theme=auto", "light dark")]
    [InlineData("/react/like", "&theme=light", "theme=light", "light dark")]
    [InlineData("/react/like", "&background=fff", null, "light dark")]
    [InlineData("/embed/react/like", "", null, "light")]
    [InlineData("/embed/react/like", "&theme=light&theme=auto", "theme=auto", "light dark")]
    [InlineData("/embed/react/like", "&theme=dark", "theme=dark", "light")]
    [InlineData("/embed/react/like", "&theme=auto", "theme=auto", "light dark")]
    public async Task The_picture_has_the_theme_of_its_page(string path, string asked, string? theme, string scheme)
    {
        var html = await Gateway.Http.GetStringAsync($"{path}?{Page}{asked}", Cancelled);
        var picture = WebUtility.HtmlDecode(html).Split("<img src=\"")[1].Split('"')[0];
        Assert.Equal(theme is null ? [] : [theme], picture.Split('&', '?').Where(parameter => parameter.StartsWith("theme=", StringComparison.Ordinal)));
        Assert.Contains($"<meta name=\"color-scheme\" content=\"{scheme}\"", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/react/LIKE?" + Page, "name")]
    [InlineData("/react/-?" + Page, "name")]
    [InlineData("/react/like?" + Page + "&options=1,2,3,4,5,6,7,8,9", "options")]
    [InlineData("/react/like?" + Page + "&options=A,A", "options")]
    [InlineData("/react/like?" + Page + "&options=,", "options")]
    [InlineData("/react/like?" + Page + "&options=A%00", "options")]
    [InlineData("/react/like?" + Page + "&options=%E2%80%AEA", "options")]
    [InlineData("/react/like?" + Page + "&options=%E2%80%8B", "options")]
    [InlineData("/react/like?" + Page + "&options=%EF%BF%BD", "options")]
    [InlineData("/react/like?" + Page + "&options=1234567890123456789012345678901234567890123456789012345678901", "options")]
    [InlineData("/react/like?" + Page + "&closes=soon", "closes")]
    [InlineData("/react/like?" + Page + "&closes=18:00", "closes")]
    [InlineData("/react/like?" + Page + "&closes=31%20Dec%202026", "closes")]
    [InlineData("/react/like?" + Page + "&closes=12/31/2026", "closes")]
    [InlineData("/react/like?" + Page + "&closes=12-31", "closes")]
    [InlineData("/react/like?" + Page + "&closes=2026-13-31T18:00Z", "closes")]
    [InlineData("/react/like?" + Page + "&results=never", "results")]
    [InlineData("/react/like?" + Page + "&size=33", "size")]
    [InlineData("/react/like?" + Page + "&width=100", "width")]
    [InlineData("/react/like?" + Page + "&options=aaaaaaaaaaaaaaaaaa,b,c,d,e,f,g,h&size=32&scale=4", "scale")]
    [InlineData("/react/like?site=!&page=/a", "site")]
    [InlineData("/poll/tea?" + Page, "options")]
    [InlineData("/poll/tea?" + Page + "&options=A&question=%0A%00", "question")]
    public async Task Invalid_parameters_are_named(string path, string parameter)
    {
        foreach (var address in new[] { Picture(path), Picture(path, "png"), path, "/embed" + path })
        {
            using var answer = await Gateway.Http.GetAsync(address, Cancelled);
            var body = await answer.Content.ReadAsStringAsync(Cancelled);
            Assert.True(HttpStatusCode.BadRequest == answer.StatusCode, $"{address}: {answer.StatusCode} {body}");
            Assert.Contains($"\"{parameter}\"", body, StringComparison.Ordinal);
        }

        using var vote = await PostAsync(Gateway, path, new() { ["answer"] = "A" }, "one", ("Origin", "http://example.com"));
        Assert.Equal(HttpStatusCode.BadRequest, vote.StatusCode);
    }

    [Fact]
    public async Task Another_question_or_answer_is_another_poll()
    {
        await CountAsync(Row, "A");
        await CountAsync(Row.Replace("A,B,C", "A,Evil"), "Evil");
        Assert.Equal("1 0 0", await StillAsync(Row));
        await WrittenAsync("like 0 1, like 1 0 0");
    }

    [Fact]
    public async Task In_registered_mode_polls_must_be_created_first()
    {
        await using var gateway = await RunningGateway.StartAsync("--Sites:Mode=registered");
        using var unknown = await gateway.Http.GetAsync(Picture(Row), Cancelled);
        Assert.Equal(HttpStatusCode.Forbidden, unknown.StatusCode);
        using var vote = await PostAsync(gateway, Row, new() { ["answer"] = "A" }, "one", ("Origin", "http://example.com"));
        Assert.Equal(HttpStatusCode.Forbidden, vote.StatusCode);

        await PutAsync("sites/example.com", "{}");
        using var undefined = await gateway.Http.GetAsync(Picture(Row), Cancelled);
        Assert.Equal(HttpStatusCode.NotFound, undefined.StatusCode);
        await PutAsync("sites/example.com/polls/like?path=/a", """{"answers":["X","Y"]}""");
        using var defined = await VoteAsync(gateway, Row, "Y", "one");
        Assert.Equal(HttpStatusCode.NoContent, defined.StatusCode);
        Assert.Equal("0 1", Numbers(await gateway.Http.GetStringAsync(Picture(Row) + "&live=0", Cancelled)));

        async Task PutAsync(string path, string json)
        {
            using var request = new HttpRequestMessage(HttpMethod.Put, "/api/v1/" + path);
            request.Content = new StringContent(json, new System.Net.Http.Headers.MediaTypeHeaderValue("application/json"));
            request.Headers.Authorization = new("Bearer", RunningGateway.OperatorKey);
            using var answer = await gateway.Http.SendAsync(request, Cancelled);
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancelled));
        }
    }
}
