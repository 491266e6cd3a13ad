using System.Net;
using System.Text.RegularExpressions;
using Counter.Gateway.Documents;
using Counter.Gateway.SitePages;
using Counter.Gateway.Tests.Monitor;
using Xunit;

namespace Counter.Gateway.Tests.SitePages;

/// <summary>The overview page of a site.</summary>
public sealed partial class OverviewTests : SitePageTest
{
    [Fact]
    public async Task It_lists_pages_as_the_API_does()
    {
        var viewers = await ViewAsync("/tea", "/coffee");
        using var reader = await SignInAsync(KeyRole.Read);
        var page = await TextAsync(HttpStatusCode.OK, reader.GetAsync(Address + "?sort=name"));
        Assert.True(page.IndexOf("<td>/coffee</td>", StringComparison.Ordinal) < page.IndexOf("<td>/tea</td>", StringComparison.Ordinal), page);
        Assert.Contains("aria-sort=\"ascending\"", page, StringComparison.Ordinal);
        var found = await TextAsync(HttpStatusCode.OK, reader.GetAsync(Address + "?contains=TEA&range=30d"));
        Assert.Contains("<td>/tea</td>", found, StringComparison.Ordinal);
        Assert.DoesNotContain("<td>/coffee</td>", found, StringComparison.Ordinal);
        Assert.Contains($"href=\"{Address}?range=30d&sort=peak&contains=TEA\"", found, StringComparison.Ordinal);
        Assert.Contains("No name contains this.", await TextAsync(HttpStatusCode.OK, reader.GetAsync(Address + "?contains=milk")), StringComparison.Ordinal);
        Array.ForEach(viewers, viewer => viewer.Dispose());
    }

    [Fact]
    public async Task A_long_list_has_a_next_page()
    {
        var viewers = await ViewAsync([.. Enumerable.Range(0, 51).Select(i => $"/{i:00}")]);
        using var reader = await SignInAsync(KeyRole.Read);
        var first = await TextAsync(HttpStatusCode.OK, reader.GetAsync(Address + "?sort=name"));
        Assert.DoesNotContain("<td>/50</td>", first, StringComparison.Ordinal);
        var next = await TextAsync(HttpStatusCode.OK, reader.GetAsync(Next().Match(first).Groups["next"].Value));
        Assert.Contains("<td>/50</td>", next, StringComparison.Ordinal);
        Assert.DoesNotContain("<td>/49</td>", next, StringComparison.Ordinal);
        Assert.Contains(">The first</a>", next, StringComparison.Ordinal);
        Array.ForEach(viewers, viewer => viewer.Dispose());
    }

    [Theory]
    [InlineData("?sort=x", "sort: viewers, peak, arrivals or name.")]
    [InlineData("?cursor=x", "cursor: The value of next in an earlier answer.")]
    public async Task An_invalid_parameter_is_refused_with_a_sentence(string query, string sentence)
    {
        using var reader = await SignInAsync(KeyRole.Read);
        Assert.Contains(sentence, await TextAsync(HttpStatusCode.BadRequest, reader.GetAsync(Address + query)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_pictures_exist_for_every_range_and_are_not_counted()
    {
        using var reader = await SignInAsync(KeyRole.Read);
        foreach (var range in new[] { "15m", "24h", "30d", "2y", "nonsense" })
        {
            var page = await TextAsync(HttpStatusCode.OK, reader.GetAsync(Address + "?range=" + range));
            var pictures = Picture().Matches(page).Select(match => match.Groups["path"].Value).ToList();
            Assert.Equal(3, pictures.Count);
            Assert.All(pictures, picture => Assert.Contains("watch=1", picture, StringComparison.Ordinal));
            Assert.Contains(pictures, picture => picture.Contains(range == "nonsense" ? "range=24h" : "range=" + range, StringComparison.Ordinal));
            foreach (var picture in pictures)
            {
                using var still = await Gateway.Http.GetAsync(picture + "&live=0", Cancelled);
                Assert.Equal((picture, HttpStatusCode.OK), (picture, still.StatusCode));
            }
        }
    }

    [Fact]
    public async Task History_is_the_CSV_of_the_API()
    {
        var viewers = await ViewAsync("/tea");
        using var reader = await SignInAsync(KeyRole.Read);
        foreach (var step in new[] { "minute", "hour", "day" })
        {
            using var answer = await reader.GetAsync($"{Address}/history.csv?step={step}");
            using var asked = await AskAsync("GET", $"/sites/{Site}/history?format=csv&step={step}");
            Assert.Equal(await asked.Content.ReadAsStringAsync(Cancelled), await answer.Content.ReadAsStringAsync(Cancelled));
            Assert.Equal("text/csv", answer.Content.Headers.ContentType?.MediaType);
            Assert.Equal("mine.example.csv", answer.Content.Headers.ContentDisposition?.FileName);
        }

        Array.ForEach(viewers, viewer => viewer.Dispose());
        Assert.Contains("minute, hour or day.", await TextAsync(HttpStatusCode.BadRequest, reader.GetAsync(Address + "/history.csv?step=year")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Polls_are_listed_with_their_votes_as_text()
    {
        await ReadAsync(HttpStatusCode.Created, "PUT", $"/sites/{Site}/polls/drink?path=/a", new { question = "<b>Tea?", answers = new[] { "Yes", "No" } });
        using var reader = await SignInAsync(KeyRole.Read);
        using var answer = await reader.GetAsync(Address);
        var page = await answer.Content.ReadAsStringAsync(Cancelled);
        Assert.Contains("<td>&lt;b&gt;Tea?</td>", page, StringComparison.Ordinal);
        Assert.Contains("Yes 0, No 0", page, StringComparison.Ordinal);

        // Those that are made later are listed, and no other site's.
        await ReadAsync(HttpStatusCode.Created, "PUT", $"/sites/{Site}/polls/food?path=/b", new { question = "Cake?", answers = new[] { "Yes", "No" } });
        await ReadAsync(HttpStatusCode.Created, "PUT", $"/sites/{Site}.org/polls/food?path=/b", new { question = "Pie?", answers = new[] { "Yes", "No" } });
        var later = await TextAsync(HttpStatusCode.OK, reader.GetAsync(Address));
        Assert.Contains("<td>Cake?</td>", later, StringComparison.Ordinal);
        Assert.DoesNotContain("Pie?", later, StringComparison.Ordinal);

        // A public page says no more of a poll than its picture.
        await ReadAsync(HttpStatusCode.Created, "PUT", "/sites/open.example/polls/drink?path=/a", new { answers = new[] { "Yes", "No" }, results = "after" });
        await ReadAsync(HttpStatusCode.Created, "PATCH", "/sites/open.example", new { @public = true });
        using var nobody = new Operator(Gateway);
        var open = await TextAsync(HttpStatusCode.OK, nobody.GetAsync("/sites/open.example"));
        Assert.Contains("shown after voting", open, StringComparison.Ordinal);
        Assert.DoesNotContain("Yes 0", open, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_key_its_numbers_are_2_seconds_old_at_most_and_with_one_they_are_new()
    {
        await ReadAsync(HttpStatusCode.Created, "PATCH", "/sites/" + Site, new { @public = true });
        var viewers = await ViewAsync("/tea");
        using var nobody = new Operator(Gateway);
        using var reader = await SignInAsync(KeyRole.Read);
        Assert.Equal(("1", "1"), (await ArrivalsAsync(nobody), await ArrivalsAsync(reader)));
        using var reset = await AskAsync("POST", $"/sites/{Site}/reset");
        Assert.Equal(("1", "0"), (await ArrivalsAsync(nobody), await ArrivalsAsync(reader)));
        Gateway.Clock.Advance(PublicAnswers.Fresh);
        Assert.Equal("0", await ArrivalsAsync(nobody));
        Array.ForEach(viewers, viewer => viewer.Dispose());
    }

    [Fact]
    public async Task An_unknown_site_has_an_empty_page()
    {
        using var person = await Operator.SignInAsync(Gateway);
        Assert.Contains("There are none yet.", await TextAsync(HttpStatusCode.OK, person.GetAsync("/sites/new.example")), StringComparison.Ordinal);
    }

    /// <summary>The arrivals of the only page in the list.</summary>
    private static async Task<string> ArrivalsAsync(Operator person) =>
        Row().Match(await TextAsync(HttpStatusCode.OK, person.GetAsync(Address))).Groups["arrivals"].Value;

    [GeneratedRegex("<td>/tea</td><td>1</td><td>1</td><td>(?<arrivals>[0-9]+)</td>", RegexOptions.ExplicitCapture)]
    private static partial Regex Row();

    [GeneratedRegex("href=\"(?<next>[^\"]+)\" rel=\"next\"", RegexOptions.ExplicitCapture)]
    private static partial Regex Next();

    [GeneratedRegex("(src|srcset)=\"(?<path>/online[^\"]+)\"", RegexOptions.ExplicitCapture)]
    private static partial Regex Picture();
}
