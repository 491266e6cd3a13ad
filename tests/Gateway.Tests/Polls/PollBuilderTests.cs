using System.Net;
using System.Text.RegularExpressions;
using Xunit;

namespace Counter.Gateway.Tests.Polls;

/// <summary>The builder shows working snippets for valid input, and the problems of invalid input.</summary>
public sealed partial class PollBuilderTests : PollTest
{
    private const string Long = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

    [Theory]
    [InlineData("", "👍,❤️,😂,🎉,😮,😢", "like")]
    [InlineData("look=bars", "Tea,Coffee", "poll")]
    public async Task An_empty_field_shows_what_the_preview_has(string typed, string answers, string name)
    {
        var html = WebUtility.HtmlDecode(await Gateway.Http.GetStringAsync($"/polls?{typed}", Cancelled));
        Assert.Contains($"placeholder=\"{answers}\"", html, StringComparison.Ordinal);
        Assert.Contains($"placeholder=\"{name}\"", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "", "")]
    [InlineData("look=bars", "question=Tea%20or%20coffee%3F", "")]
    [InlineData("look=bars&question=Lunch?", "question=Lunch%3F", "List the answers")]
    [InlineData("look=bars&options=Yes,No", "options=Yes%2CNo", "")]
    [InlineData("look=bars&options=A,A", "options=Tea%2CCoffee", "Each answer may appear only once.")]
    [InlineData("look=bars&question=Lunch?&options=A,A", "question=Lunch%3F", "Each answer may appear only once.")]
    [InlineData("look=bars&options=,", "options=Tea%2CCoffee", "1 to 8 answers")]
    [InlineData("look=bars&options=Yes,No&question=" + Long + Long + Long, "options=Yes%2CNo", "At most 140 letters")]
    [InlineData("look=bars&options=Yes,No&closes=soon", "options=Yes%2CNo", "A time such as")]
    [InlineData("options=A,A", "", "Each answer may appear only once.")]
    [InlineData("options=a,b&size=99", "options=a%2Cb", "10 to 32")]
    [InlineData("options=a" + Long + ",b", "", "Each answer has at most")]
    [InlineData("options=a,b&size=32&scale=4", "options=a%2Cb&size=32&scale=4", "")]
    [InlineData("size=32&scale=4&options=aaaaaaaaaaaaaaaaaa,b,c,d,e,f,g,h", "%2Ch&size=32&page", "")]
    [InlineData("name=!", "", "The name of a poll")]
    public async Task Its_addresses_can_be_opened(string typed, string shown, string expected)
    {
        var html = WebUtility.HtmlDecode(await Gateway.Http.GetStringAsync($"/polls?site=example.com&page=/a&{typed}", Cancelled));
        Assert.Contains(expected, html, StringComparison.Ordinal);
        var preview = Preview().Match(html).Groups[1].Value;
        Assert.Contains(shown, preview, StringComparison.Ordinal);
        foreach (var address in Links().Matches(html).Select(link => link.Groups[1].Value).Append(preview))
        {
            Assert.InRange(Regex.Count(address, "question="), 0, 1);
            using var request = new HttpRequestMessage(HttpMethod.Get, address + "&live=0");
            request.Headers.Referrer = new Uri("http://example.com/polls");
            using var answer = await Gateway.Http.SendAsync(request, Cancelled);
            Assert.True(answer.IsSuccessStatusCode, $"{address}: {await answer.Content.ReadAsStringAsync(Cancelled)}");
        }
    }

    [GeneratedRegex("class=\"preview\"><iframe src=\"([^\"]+)\"")]
    private static partial Regex Preview();

    [GeneratedRegex(@"\]\((http[^)]+)\)")]
    private static partial Regex Links();
}
