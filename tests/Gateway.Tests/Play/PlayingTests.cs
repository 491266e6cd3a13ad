using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Counter.Gateway.Tests.Support;
using Xunit;
using static Counter.Gateway.Tests.Play.PlayTest;

namespace Counter.Gateway.Tests.Play;

/// <summary>Games through HTTP.</summary>
public sealed partial class PlayingTests : IAsyncLifetime
{
    private RunningGateway gateway = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => gateway = await RunningGateway.StartAsync();

    public ValueTask DisposeAsync() => gateway.DisposeAsync();

    [Fact]
    public async Task Chromium_is_sent_the_board_compressed()
    {
        var (path, _) = await BeginAsync(gateway);
        using var chromium = await ChromiumViewer.OpenAsync(gateway, path + "/board.svg");
        await chromium.ReadFrameAsync("image/svg+xml");
        Assert.Contains("Play O", Encoding.UTF8.GetString(await chromium.ReadFrameAsync("image/svg+xml")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Both_players_and_watchers_see_the_whole_game()
    {
        var (path, ann) = await BeginAsync(gateway);
        using var one = await ViewAsync(gateway, path, ann);
        await ReadUntilAsync(gateway, one, "Your turn. You play X. Send the link to a friend.");
        using var three = await ViewAsync(gateway, path);
        await ReadUntilAsync(gateway, three, "Play O");
        var bob = await SitAsync(gateway, path);
        Assert.NotNull(bob);
        Assert.Null(await SitAsync(gateway, path));
        using var two = await ViewAsync(gateway, path, bob);
        await ReadUntilAsync(gateway, two, "X’s turn. You play O.");
        foreach (var (who, square) in new[] { (ann, "0"), (bob, "3"), (ann, "1"), (bob, "4"), (ann, "2") })
        {
            Assert.Equal(HttpStatusCode.NoContent, await ClickAsync(gateway, path, who, square));
        }

        Assert.Contains("Play again", await ReadUntilAsync(gateway, one, "You win!"), StringComparison.Ordinal);
        Assert.Contains("1 watching", await ReadUntilAsync(gateway, two, "X wins."), StringComparison.Ordinal);
        Assert.DoesNotContain("Play again", await ReadUntilAsync(gateway, three, "X wins."), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NoContent, await ClickAsync(gateway, path, ann, "again"));
        await ReadUntilAsync(gateway, two, "X wants to play again.");
        Assert.Equal(HttpStatusCode.NoContent, await ClickAsync(gateway, path, bob, "again"));
        await ReadUntilAsync(gateway, two, "Your turn. You play X.");
        await ReadUntilAsync(gateway, one, "X’s turn. You play O.");
    }

    [Fact]
    public async Task A_player_whose_picture_closes_is_shown_as_away_and_then_replaced()
    {
        var (path, ann) = await BeginAsync(gateway);
        using var one = await ViewAsync(gateway, path, ann);
        var bob = await SitAsync(gateway, path);
        using (var two = await ViewAsync(gateway, path, bob))
        {
            await ReadUntilAsync(gateway, one, "You play X.");
        }

        await ReadUntilAsync(gateway, one, "O is away for a moment.");
        using (var again = await ViewAsync(gateway, path, bob))
        {
            await ReadUntilAsync(gateway, one, "You play X.");
        }

        await ReadUntilAsync(gateway, one, "O has left. Send the link to a friend.");
        Assert.NotNull(await SitAsync(gateway, path));
        Assert.Equal("X’s turn. You watch.", await WordsAsync(gateway, path));
    }

    [Fact]
    public async Task A_player_who_leaves_frees_the_seat_at_once()
    {
        var (path, ann) = await BeginAsync(gateway);
        var bob = await SitAsync(gateway, path);
        using var one = await ViewAsync(gateway, path, ann);
        Assert.Equal(HttpStatusCode.SeeOther, await ClickAsync(gateway, path, bob, "leave"));
        await ReadUntilAsync(gateway, one, "Send the link to a friend.");
        Assert.NotNull(await SitAsync(gateway, path));
    }

    [Fact]
    public async Task GET_requests_change_nothing()
    {
        using (var lobby = await gateway.Http.GetAsync("/play", Cancelled))
        {
            Assert.Equal(HttpStatusCode.OK, lobby.StatusCode);
        }

        var (path, ann) = await BeginAsync(gateway);
        foreach (var address in new[] { path, path + "?do=sit", path + "?do=0&seat=" + ann, path + "?do=leave&seat=" + ann, path + "?words=1", path + "/board.svg?live=0" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.TryAddWithoutValidation("User-Agent", "Googlebot/2.1 (+http://www.google.com/bot.html)");
            using var page = await gateway.Http.SendAsync(request, Cancelled);
            Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        }

        Assert.Equal("X’s turn. O’s seat is free.", await WordsAsync(gateway, path));
    }

    [Fact]
    public async Task A_copied_seat_address_gives_no_access_to_the_seat()
    {
        var (path, ann) = await BeginAsync(gateway);
        using var one = await ViewAsync(gateway, path, ann);
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = gateway.Address };

        // Who began it was the test's own client, which has no User-Agent, and is there.
        Assert.Equal(HttpStatusCode.OK, await AskAsync($"{path}?seat={ann}", agent: null));
        Assert.Equal(HttpStatusCode.SeeOther, await AskAsync($"{path}?seat={ann}", "Mozilla/5.0 bob"));
        Assert.Equal(HttpStatusCode.SeeOther, await AskAsync($"{path}?seat={new string('a', 22)}", agent: null));
        Assert.Equal(HttpStatusCode.SeeOther, await AskAsync($"{path}?seat=", agent: null));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(path, "Mozilla/5.0 bob"));

        async Task<HttpStatusCode> AskAsync(string address, string? agent)
        {
            using var answer = await GetAsync(client, address, agent);
            return answer.StatusCode;
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("&words=1")]
    public async Task A_player_whose_network_changed_regains_the_seat(string words)
    {
        var (path, ann) = await BeginAsync(gateway);
        var one = await ViewAsync(gateway, path, ann);

        // The table knows its viewer when the viewer has a board.
        await gateway.AdvanceUntilAsync(one.ReadFrameAsync("image/svg+xml"), "the board");
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = gateway.Address };
        using var away = await GetAsync(client, $"{path}?seat={ann}{words}", "Mozilla/5.0 elsewhere");
        var sent = away.Headers.Location!.OriginalString;
        Assert.DoesNotContain("seat=", sent, StringComparison.Ordinal);
        using (var page = await GetAsync(client, sent, "Mozilla/5.0 elsewhere"))
        {
            Assert.Contains($"href=\"{path}?seat={ann}{words.Replace("&", "&amp;", StringComparison.Ordinal)}\"", await page.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        }

        // The old line is known to be dead at last.
        one.Dispose();
        var back = HttpStatusCode.SeeOther;
        await gateway.AdvanceUntilAsync(() => (back = GetAsync(client, $"{path}?seat={ann}{words}", "Mozilla/5.0 elsewhere").Result.StatusCode) == HttpStatusCode.OK, "the seat");

        foreach (var nobodys in new[] { new string('a', 22), "", "%22%3E%3Cscript%3E" })
        {
            using var other = await GetAsync(client, $"{path}?seat={nobodys}{words}", "Mozilla/5.0 elsewhere");
            Assert.Equal(path + words.Replace('&', '?'), other.Headers.Location!.OriginalString);
            using var page = await GetAsync(client, $"{path}?back={nobodys}{words}", "Mozilla/5.0 elsewhere");
            Assert.DoesNotContain("seat=", await page.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_game_can_be_played_with_text_only()
    {
        var (path, ann) = await BeginAsync(gateway);
        var bob = await SitAsync(gateway, path);
        using (var answer = await PostAsync(gateway, path, ("do", "4"), ("seat", ann), ("words", "1")))
        {
            Assert.Equal((HttpStatusCode.SeeOther, $"{path}?seat={ann}&words=1"), (answer.StatusCode, answer.Headers.Location!.OriginalString));
        }

        // Asking again every few seconds is being there.
        for (var i = 0; i < 30; i++)
        {
            gateway.Clock.Advance(TimeSpan.FromSeconds(5));
            await WordsAsync(gateway, path, ann);
        }

        Assert.Equal("X: centre. O’s turn. O has left. Send the link to a friend.", await WordsAsync(gateway, path, ann));
        Assert.Equal("X: centre. Your turn. You play O.", await WordsAsync(gateway, path, bob));
    }

    [Fact]
    public async Task A_table_without_viewers_ends()
    {
        var (path, _) = await BeginAsync(gateway);
        var (watched, ann) = await BeginAsync(gateway);
        using var one = await ViewAsync(gateway, watched, ann);
        await gateway.AdvanceForAsync(TimeSpan.FromSeconds(179));
        Assert.Equal(HttpStatusCode.NoContent, await ClickAsync(gateway, path, null, "0"));
        await gateway.AdvanceForAsync(TimeSpan.FromSeconds(179));
        await gateway.AdvanceUntilAsync(() => gateway.Http.GetAsync(path, Cancelled).Result.StatusCode == HttpStatusCode.NotFound, TimeSpan.FromSeconds(5), "the table to end");
        using var page = await gateway.Http.GetAsync(path, Cancelled);
        Assert.Equal(HttpStatusCode.NotFound, page.StatusCode);
        Assert.Contains("This table has ended", await page.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, await ClickAsync(gateway, path, null, "sit"));
        using var picture = await gateway.Http.GetAsync(path + "/board.png", Cancelled);
        Assert.Equal(HttpStatusCode.NotFound, picture.StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, await ClickAsync(gateway, watched, ann, "0"));
    }

    [Fact]
    public async Task Shutdown_ends_every_picture_properly()
    {
        var (path, ann) = await BeginAsync(gateway);
        using var one = await ViewAsync(gateway, path, ann);
        await ReadUntilAsync(gateway, one, "Your turn");
        var stopping = gateway.StopAsync();
        var rest = Encoding.UTF8.GetString(await one.ReadToEndAsync());
        await stopping;
        Assert.Contains("Load this page again", rest, StringComparison.Ordinal);
        Assert.EndsWith("</svg>\r\n--counter-frame--\r\n", rest, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("svg", "", "image/svg+xml")]
    [InlineData("png", "&theme=dark&scale=2", "image/png")]
    public async Task A_still_of_a_table_is_a_picture(string format, string parameters, string type)
    {
        var (path, _) = await BeginAsync(gateway);
        using var picture = await gateway.Http.GetAsync($"{path}/board.{format}?live=0{parameters}", Cancelled);
        Assert.Equal((HttpStatusCode.OK, type), (picture.StatusCode, picture.Content.Headers.ContentType?.MediaType));
        Assert.InRange((await picture.Content.ReadAsByteArrayAsync(Cancelled)).Length, 500, 20_000);
    }

    [Theory]
    [InlineData("/play", false)]
    [InlineData("", false)]
    [InlineData("", true)]
    [InlineData("&words=1", true)]
    public async Task Pages_have_no_script_and_only_their_own_style(string address, bool sits)
    {
        var (path, ann) = await BeginAsync(gateway);
        using var answer = await gateway.Http.GetAsync(address == "/play" ? address : sits ? $"{path}?seat={ann}{address}" : path, Cancelled);
        var html = await answer.Content.ReadAsStringAsync(Cancelled);
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.StartsWith("default-src 'none'; ", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("script", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        var styles = Styles().Matches(html);
        Assert.Equal(2, styles.Count);
        Assert.All(styles, style => Assert.Contains(
            Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(style.Groups[1].Value))), policy, StringComparison.Ordinal));
        Assert.DoesNotMatch("\\son[a-z]+=|\\sstyle=", html);
        Assert.Equal("same-origin", answer.Headers.GetValues("Referrer-Policy").Single());
    }

    [GeneratedRegex("<style>(.*?)</style>", RegexOptions.Singleline)]
    private static partial Regex Styles();

    private static async Task<HttpResponseMessage> GetAsync(HttpClient client, string address, string? agent)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.TryAddWithoutValidation("User-Agent", agent);
        return await client.SendAsync(request, Cancelled);
    }
}
