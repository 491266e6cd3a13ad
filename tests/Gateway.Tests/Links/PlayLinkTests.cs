using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Counter.Gateway.Links;
using Counter.Gateway.Play;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using static Counter.Gateway.Tests.Play.PlayTest;

namespace Counter.Gateway.Tests.Links;

/// <summary>A table is at one gateway; people come to it through any.</summary>
public sealed class PlayLinkTests
{
    [Fact]
    public async Task Two_play_at_one_table_through_two_gateways()
    {
        await using var linked = await LinkedGateways.StartAsync(2);
        var (path, ann) = await BeginAsync(linked[0]);
        using var one = await LookAsync(linked[0], path, ann);
        using var watcher = await LookAsync(linked[1], path);
        await ReadUntilAsync(linked[1], watcher, "Play O");
        var bob = await SitAsync(linked[1], path);
        Assert.NotNull(bob);
        using (var two = await LookAsync(linked[1], path, bob))
        {
            Assert.Contains("1 watching", await ReadUntilAsync(linked[1], two, "X’s turn. You play O."), StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.NoContent, await ClickAsync(linked[0], path, ann, "4"));
            await ReadUntilAsync(linked[1], two, "X: centre. Your turn.");
            Assert.Equal(HttpStatusCode.NoContent, await ClickAsync(linked[1], path, bob, "0"));
            await ReadUntilAsync(linked[0], one, "O: top left. Your turn.");
            Assert.Equal(HttpStatusCode.NoContent, await ClickAsync(linked[1], path, ann, "8"));
            await ReadUntilAsync(linked[1], two, "X: centre, bottom right.");
            Assert.Equal("X: centre, bottom right. O: top left. Your turn. You play O.", await WordsAsync(linked[1], path, bob));
        }

        // The stream's end here tells the table there.
        await ReadUntilAsync(linked[0], one, "O has left.");
        Assert.Contains($"value=\"{linked[1].Address.GetLeftPart(UriPartial.Authority)}{path}\"", await linked[1].Http.GetStringAsync(path), StringComparison.Ordinal);
        Assert.Contains("O’s seat is free", await linked[1].Http.GetStringAsync(path + "/board.svg?live=0"), StringComparison.Ordinal);
        using var wrong = await PostAsync(linked[1], path, ("do", "9"));
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);

        // What is wrong with a form is no fault of the other gateway.
        using var malformed = new StringContent("--x\r\nbroken");
        malformed.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/form-data; boundary=x");
        using var unread = await linked[1].Http.PostAsync(path, malformed);
        Assert.Equal(HttpStatusCode.BadRequest, unread.StatusCode);
    }

    [Fact]
    public async Task The_address_of_a_seat_is_for_one_browser_at_all_gateways()
    {
        await using var linked = await LinkedGateways.StartAsync(2);
        var (path, ann) = await BeginAsync(linked[0]);
        using var one = await LookAsync(linked[0], path, ann);
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = linked[1].Address };
        using (var own = await client.GetAsync($"{path}?seat={ann}"))
        {
            Assert.Equal(HttpStatusCode.OK, own.StatusCode);
        }

        client.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", "Mozilla/5.0 bob");
        using var other = await client.GetAsync($"{path}?seat={ann}");
        Assert.Equal((HttpStatusCode.SeeOther, $"{path}?back={ann}"), (other.StatusCode, other.Headers.Location!.OriginalString));
    }

    [Fact]
    public async Task When_the_gateway_of_a_table_stops_the_pictures_elsewhere_end_properly()
    {
        await using var linked = await LinkedGateways.StartAsync(2);
        var (path, _) = await BeginAsync(linked[0]);
        using var watcher = await LookAsync(linked[1], path);
        await ReadUntilAsync(linked[1], watcher, "Play O");
        await linked[0].StopAsync();
        var rest = Encoding.UTF8.GetString(await watcher.ReadToEndAsync());
        Assert.Contains("This table has ended", rest, StringComparison.Ordinal);
        Assert.EndsWith("</svg>\r\n--counter-frame--\r\n", rest, StringComparison.Ordinal);
        await linked.AdvanceUntilAsync(() => linked.Heard(1) == 0, "the gateway to be missed");
        using var page = await linked[1].Http.GetAsync(path);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, page.StatusCode);
        Assert.Contains("does not answer at present", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var picture = await linked[1].Http.GetAsync(path + "/board.png");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, picture.StatusCode);
    }

    [Fact]
    public async Task When_the_gateway_here_stops_the_players_of_it_are_missed_there()
    {
        await using var linked = await LinkedGateways.StartAsync(2);
        var (path, ann) = await BeginAsync(linked[0]);
        using var far = await LookAsync(linked[1], path, ann);
        await ReadUntilAsync(linked[1], far, "Your turn");
        await linked[1].StopAsync();
        Assert.EndsWith("</svg>\r\n--counter-frame--\r\n", Encoding.UTF8.GetString(await far.ReadToEndAsync()), StringComparison.Ordinal);
        var table = linked[0].App.Services.GetRequiredService<Tables>().Find(path["/play/".Length..])!;
        await linked.AdvanceUntilAsync(() => table.Streams == 0, "the stream to end there");
    }

    [Fact]
    public async Task Only_gateways_speak_for_others()
    {
        await using var linked = await LinkedGateways.StartAsync(2);
        var (path, _) = await BeginAsync(linked[0]);
        var name = path["/play/".Length..];
        using var page = await linked[0].Http.GetAsync(LinkEndpoints.Play + name);
        using var picture = await linked[0].Http.GetAsync(LinkEndpoints.Play + name + "/board.svg");
        using var click = await PostAsync(linked[0], LinkEndpoints.Play + name, ("do", "sit"));
        Assert.Equal(
            (HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (page.StatusCode, picture.StatusCode, click.StatusCode));
    }
}
