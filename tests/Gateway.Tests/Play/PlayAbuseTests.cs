using System.Net;
using Counter.Gateway.Tests.Support;
using Xunit;
using static Counter.Gateway.Tests.Play.PlayTest;

namespace Counter.Gateway.Tests.Play;

/// <summary>Invalid and excessive requests to the game.</summary>
public sealed class PlayAbuseTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("9")]
    [InlineData("-1")]
    [InlineData("00")]
    [InlineData("win")]
    public async Task An_invalid_click_is_refused(string? what)
    {
        await using var gateway = await RunningGateway.StartAsync();
        var (path, ann) = await BeginAsync(gateway);
        using var answer = await PostAsync(gateway, path, what is null ? [("seat", ann)] : [("do", what), ("seat", ann)]);
        Assert.Equal((HttpStatusCode.BadRequest, "application/problem+json"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
    }

    [Fact]
    public async Task A_move_needs_the_address_of_the_seat()
    {
        await using var gateway = await RunningGateway.StartAsync();
        var (path, ann) = await BeginAsync(gateway);
        var bob = await SitAsync(gateway, path);
        var (_, other) = await BeginAsync(gateway);
        string?[] wrong = [bob, other, null, "", ann.ToUpperInvariant(), ann[..^1], ann + "A", new string('A', 22), new string('a', 3_000), "\"><script>"];
        foreach (var ticket in wrong.Where(ticket => ticket != ann))
        {
            foreach (var what in new[] { "0", "again" })
            {
                Assert.Equal(HttpStatusCode.NoContent, await ClickAsync(gateway, path, ticket, what));
            }

            gateway.Clock.Advance(TimeSpan.FromSeconds(0.5));
        }

        Assert.Equal("X’s turn. You watch.", await WordsAsync(gateway, path));
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site", HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "same-site", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "http://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "null", HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "same-origin", HttpStatusCode.SeeOther)]
    public async Task Forms_of_other_sites_are_refused(string header, string value, HttpStatusCode status)
    {
        await using var gateway = await RunningGateway.StartAsync();
        var (path, _) = await BeginAsync(gateway);
        using var begun = await PostFromAsync(gateway, "/play", [(header, value)]);
        using var clicked = await PostFromAsync(gateway, path, [(header, value)], ("do", "sit"));
        Assert.Equal((status, status), (begun.StatusCode, clicked.StatusCode));
    }

    [Fact]
    public async Task Ten_thousand_clicks_are_limited_to_twenty_a_second()
    {
        await using var gateway = await RunningGateway.StartAsync();
        var (path, ann) = await BeginAsync(gateway);
        using var one = await ViewAsync(gateway, path, ann);
        using var client = new HttpClient { BaseAddress = gateway.Address };
        var (taken, refused) = (0, 0);
        await Parallel.ForAsync(0, 10_000, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Cancelled }, async (i, cancelled) =>
        {
            using var form = new FormUrlEncodedContent([KeyValuePair.Create("do", (i % 9).ToString(System.Globalization.CultureInfo.InvariantCulture)), KeyValuePair.Create("seat", ann)]);
            using var answer = await client.PostAsync(path, form, cancelled);
            _ = answer.StatusCode switch
            {
                HttpStatusCode.NoContent => Interlocked.Increment(ref taken),
                HttpStatusCode.TooManyRequests => Interlocked.Increment(ref refused),
                _ => throw new InvalidOperationException(answer.ToString()),
            };
        });

        // The clock stands still: all of it is one second, and of the clicks that were taken one was a move.
        Assert.Equal((20, 9_980), (taken, refused));
        Assert.Matches("^X: [a-z ]+\\. O’s turn\\. O’s seat is free\\.$", await WordsAsync(gateway, path));
    }

    [Fact]
    public async Task The_number_of_tables_is_limited()
    {
        await using var gateway = await RunningGateway.StartAsync("--Play:Tables=3");
        for (var i = 0; i < 3; i++)
        {
            await BeginAsync(gateway);
        }

        using var answer = await PostAsync(gateway, "/play");
        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.Contains("There are too many tables at the moment.", await answer.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        await gateway.AdvanceForAsync(TimeSpan.FromSeconds(185));
        await BeginAsync(gateway);
    }

    [Fact]
    public async Task The_number_of_tables_of_an_address_is_limited()
    {
        await using var gateway = await RunningGateway.StartAsync("--Play:TablesPerAddress=2", "--Limits:ExemptPrivateAddresses=false");
        await BeginAsync(gateway);
        await BeginAsync(gateway);
        using var answer = await PostAsync(gateway, "/play");
        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);

        // Those that have ended do not count.
        await gateway.AdvanceForAsync(TimeSpan.FromSeconds(185));
        await BeginAsync(gateway);
    }

    [Theory]
    [InlineData("/play/nothing")]
    [InlineData("/play/aaaaaaaaaaaa")]
    [InlineData("/play/%3Cscript%3E")]
    [InlineData("/play/aaaaaaaaaaal")]
    public async Task A_table_with_an_invalid_name_is_refused(string path)
    {
        await using var gateway = await RunningGateway.StartAsync();
        using var page = await gateway.Http.GetAsync(path, Cancelled);
        Assert.Equal(HttpStatusCode.NotFound, page.StatusCode);
        Assert.DoesNotContain("<script", await page.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, await ClickAsync(gateway, path, null, "sit"));
    }

    [Theory]
    [InlineData("theme=auto&x=.png", "png", HttpStatusCode.BadRequest)]
    [InlineData("theme=red", "svg", HttpStatusCode.BadRequest)]
    [InlineData("scale=5", "png", HttpStatusCode.BadRequest)]
    [InlineData("scale=x", "svg", HttpStatusCode.BadRequest)]
    [InlineData("theme=auto", "svg", HttpStatusCode.OK)]
    public async Task An_invalid_look_is_refused(string parameters, string format, HttpStatusCode status)
    {
        await using var gateway = await RunningGateway.StartAsync();
        var (path, _) = await BeginAsync(gateway);
        using var answer = await gateway.Http.GetAsync($"{path}/board.{format}?live=0&{parameters}", Cancelled);
        Assert.Equal(status, answer.StatusCode);
    }

    [Fact]
    public async Task Over_the_limit_of_pictures_the_answer_is_a_still()
    {
        await using var gateway = await RunningGateway.StartAsync("--Limits:StreamsPerPage=1");
        var (path, ann) = await BeginAsync(gateway);
        using var one = await ViewAsync(gateway, path, ann);
        using var two = await ViewAsync(gateway, path);
        Assert.Contains("multipart/x-mixed-replace", one.Head, StringComparison.Ordinal);
        Assert.Contains("Content-Type: image/svg+xml", two.Head, StringComparison.Ordinal);
    }
}
