using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Counter.Counting.Cluster;
using Counter.Counting.Play;
using Counter.Gateway.Tests.Cluster;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using static Counter.Gateway.Tests.Play.PlayTest;

namespace Counter.Gateway.Tests.Play;

/// <summary>A table is in the cluster and reachable through any gateway.</summary>
public sealed class SharedTableTests
{
    [Fact]
    public async Task Two_players_share_a_table_through_two_gateways()
    {
        await using var group = await GatewayGroup.StartAsync(2);
        var (path, ann) = await BeginAsync(group[0]);
        using var one = await ViewAsync(group[0], path, ann);
        using var watcher = await ViewAsync(group[1], path);
        await ReadUntilAsync(group[1], watcher, "Play O");
        var bob = await SitAsync(group[1], path);
        Assert.NotNull(bob);
        using (var two = await ViewAsync(group[1], path, bob))
        {
            Assert.Contains("1 watching", await ReadUntilAsync(group[1], two, "X’s turn. You play O."), StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.NoContent, await ClickAsync(group[0], path, ann, "4"));
            await ReadUntilAsync(group[1], two, "X: centre. Your turn.");
            Assert.Equal(HttpStatusCode.NoContent, await ClickAsync(group[1], path, bob, "0"));
            await ReadUntilAsync(group[0], one, "O: top left. Your turn.");
            Assert.Equal(HttpStatusCode.NoContent, await ClickAsync(group[1], path, ann, "8"));
            await ReadUntilAsync(group[1], two, "X: centre, bottom right.");
            Assert.Equal("X: centre, bottom right. O: top left. Your turn. You play O.", await WordsAsync(group[1], path, bob));
        }

        // The end of the stream here is reported to the table there.
        await ReadUntilAsync(group[0], one, "O has left.");
        Assert.Contains($"value=\"{group[1].Address.GetLeftPart(UriPartial.Authority)}{path}\"", await group[1].Http.GetStringAsync(path), StringComparison.Ordinal);
        Assert.Contains("O’s seat is free", await group[1].Http.GetStringAsync(path + "/board.svg?live=0"), StringComparison.Ordinal);
        using var wrong = await PostAsync(group[1], path, ("do", "9"));
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);

        // What is wrong with a form is no fault of the other gateway.
        using var malformed = new StringContent("--x\r\nbroken");
        malformed.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/form-data; boundary=x");
        using var unread = await group[1].Http.PostAsync(path, malformed);
        Assert.Equal(HttpStatusCode.BadRequest, unread.StatusCode);
    }

    [Fact]
    public async Task A_seat_belongs_to_one_browser_at_all_gateways()
    {
        await using var group = await GatewayGroup.StartAsync(2);
        var (path, ann) = await BeginAsync(group[0]);
        using var one = await ViewAsync(group[0], path, ann);
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = group[1].Address };
        using (var own = await client.GetAsync($"{path}?seat={ann}"))
        {
            Assert.Equal(HttpStatusCode.OK, own.StatusCode);
        }

        client.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", "Mozilla/5.0 bob");
        using var other = await client.GetAsync($"{path}?seat={ann}");
        Assert.Equal((HttpStatusCode.SeeOther, $"{path}?back={ann}"), (other.StatusCode, other.Headers.Location!.OriginalString));
    }

    [Fact]
    public async Task A_table_survives_the_gateway_that_created_it()
    {
        await using var group = await GatewayGroup.StartAsync(2);
        var (path, ann) = await BeginAsync(group[0]);
        using var one = await ViewAsync(group[0], path, ann);
        var bob = await SitAsync(group[1], path);
        using var two = await ViewAsync(group[1], path, bob);
        await ReadUntilAsync(group[1], two, "X’s turn. You play O.");
        await group[0].StopAsync();
        Assert.Contains("Load this page again", Encoding.UTF8.GetString(await one.ReadToEndAsync()), StringComparison.Ordinal);

        // Who played there is missed, and goes on here.
        await ReadUntilAsync(group[1], two, "X is away for a moment.");
        using var again = await ViewAsync(group[1], path, ann);
        await ReadUntilAsync(group[1], again, "Your turn");
        Assert.Equal(HttpStatusCode.NoContent, await ClickAsync(group[1], path, ann, "4"));
        await ReadUntilAsync(group[1], two, "X: centre. Your turn.");
    }

    [Fact]
    public async Task Players_of_a_killed_gateway_lose_their_seats()
    {
        await using var group = await GatewayGroup.StartAsync(1);
        var (path, ann) = await BeginAsync(group[0]);
        var tables = group[0].App.Services.GetRequiredService<ICluster>().Tables;
        var table = path["/play/".Length..];
        var cancelled = TestContext.Current.CancellationToken;
        var state = await tables.FindAsync(table, cancelled);
        using var watcher = await ViewAsync(group[0], path);
        await ReadUntilAsync(group[0], watcher, "Play O");
        await tables.ReportAsync(table, new TableReport("gone", 1, [new TableViewerCount(ann, 1)], new TableRules(TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(180), 20, 10), state!), cancelled);
        await group[0].AdvanceForAsync(TimeSpan.FromSeconds(14));
        Assert.Equal(Mark.O, (await tables.FindAsync(table, cancelled))!.FreeSeat);
        await ReadUntilAsync(group[0], watcher, "Both seats are free.");
    }

    [Fact]
    public async Task A_table_of_a_lost_silo_is_restored_by_its_viewers()
    {
        await using var group = await GatewayGroup.StartAsync(1);
        var tables = group[0].App.Services.GetRequiredService<ICluster>().Tables;
        var cancelled = TestContext.Current.CancellationToken;
        var rules = new TableRules(TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(180), 20, 10);
        var began = group.Clock.GetUtcNow();
        var table = new Table(rules.Grace, began);
        Assert.True(table.TrySit("ann", 1, began));
        Assert.True(table.TryPlay("ann", 4, began));
        var known = table.ToState(long.MaxValue / 2, 0);
        Assert.Null(await tables.ReportAsync("gone", new TableReport("here", 1, [], rules, known), cancelled));
        var restored = await tables.ReportAsync("gone", new TableReport("here", 2, [new TableViewerCount("ann", 1)], rules, known), cancelled);
        Assert.Equal((known.Board, known.Last, known.X), (restored!.Board, restored.Last, restored.X));
        Assert.True(restored.Version > known.Version);
        Assert.False((await tables.ClickAsync("gone", new TableClick(ClickKind.Move, 4, "ann", "", 1), cancelled))!.State.Version > restored.Version);
    }
}
