using System.Net;
using System.Text;
using Counter.Gateway.Cluster;
using Counter.Gateway.Links;
using Counter.Gateway.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Counter.Gateway.Tests.Links;

public sealed class LinkTests
{
    private const string A = "https://example.com/a";
    private const string B = "https://example.com/b";

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task A_page_left_for_one_at_another_gateway_stops_counting()
    {
        await using var linked = await LinkedGateways.StartAsync(3);
        using var left = await linked.LookAsync(0, A, "one");
        await linked.AdvanceUntilCountAsync(A, 1, Soon);
        using var current = await linked.LookAsync(1, B, "one");
        await linked.AdvanceUntilCountAsync(B, 1, Soon);
        await linked.AdvanceUntilCountAsync(A, 0, Soon);
        Assert.Equal(1, await linked[2].CountAsync(A, "&count=site"));
        await linked.AdvanceUntilCountAsync(A, 1, TimeSpan.FromSeconds(66));
    }

    [Fact]
    public async Task Visitors_of_all_gateways_are_counted_once_each_and_a_number_that_shows_them_is_pushed()
    {
        await using var linked = await LinkedGateways.StartAsync(2);
        using var watcher = await linked[0].OpenAsync("/online/events?site=example.com&count=visitors&watch=1");
        await watcher.ReadBodyUntilAsync("\"viewers\":0");
        using var one = await linked.LookAsync(1, A, "one");
        await linked.AdvanceUntilAsync(() => linked.Visitors() == 1, "the visitor to be heard of");
        linked.Clock.Advance(TimeSpan.FromMilliseconds(100));
        await watcher.ReadBodyUntilAsync("\"viewers\":1");
        using var again = await linked.LookAsync(0, B, "one");
        using var two = await linked.LookAsync(0, B, "two");
        await linked.AdvanceUntilAsync(() => linked.Visitors() == 2, "the second visitor to be heard of");
        Assert.Equal(2, linked.Visitors());
        Assert.Equal(2, await linked[1].CountAsync(A, "&count=visitors"));
    }

    [Fact]
    public async Task Two_pictures_of_one_page_load_at_two_gateways_are_one_viewer()
    {
        await using var linked = await LinkedGateways.StartAsync(2);
        using var first = await linked.LookAsync(0, A, "one", "/online.png");
        using var second = await linked.LookAsync(1, A, "one", "/online.png?count=site");
        await linked.AdvanceUntilAsync(() => linked.Visitors() == 1, "both to hear");
        await linked.AdvanceUntilCountAsync(A, 1, Soon);
    }

    [Fact]
    public async Task A_gateway_that_stops_properly_is_forgotten_at_once()
    {
        await using var linked = await LinkedGateways.StartAsync(2);
        using var one = await linked.LookAsync(1, A, "one");
        await linked.AdvanceUntilAsync(() => linked.Visitors() == 1, "the visitor to be heard of");
        var before = linked.Clock.GetUtcNow();
        await linked[1].StopAsync();
        await linked.AdvanceUntilAsync(() => linked.Visitors() == 0, "the goodbye");
        Assert.InRange(linked.Clock.GetUtcNow() - before, TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    [Theory]
    [InlineData("what is this")]
    [InlineData("""{"channels":{"not a name":1}}""")]
    [InlineData("""{"channels":{"cam":0}}""")]
    [InlineData("[[[[[[[[")]
    public async Task Garbage_on_a_link_ends_it_and_the_next_one_is_right(string line)
    {
        await using var linked = await LinkedGateways.StartAsync(2);
        using var one = await linked.LookAsync(1, A, "one");
        await linked.AdvanceUntilAsync(() => linked.Visitors() == 1, "the visitor to be heard of");
        var connections = linked.CableTo(1).Connections;
        linked.CableTo(1).Insert(Encoding.UTF8.GetBytes($"{line.Length + 1:x}\r\n{line}\n\r\n"));
        await linked.AdvanceUntilAsync(() => linked.CableTo(1).Connections > connections && linked.Heard(0) == 1, "a new link");
        Assert.Equal(1, linked.Visitors());
        Assert.Contains(linked.Log.Lines, l => l.Text.Contains("is not heard", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_line_without_an_end_ends_the_link()
    {
        await using var linked = await LinkedGateways.StartAsync(2);
        var connections = linked.CableTo(1).Connections;
        linked.CableTo(1).Insert(Encoding.UTF8.GetBytes("48000\r\n" + new string(' ', 0x48000) + "\r\n"));

        // The clock stands still meanwhile, or a slow machine would end the link for its silence.
        await Wait.UntilAsync(() => linked.Log.Lines.Any(l => l.Text.Contains("a line without an end", StringComparison.Ordinal)), "the end of the link");
        await linked.AdvanceUntilAsync(() => linked.CableTo(1).Connections > connections, "a new link");
    }

    [Fact]
    public async Task Who_does_not_know_the_secret_gets_nothing()
    {
        await using var linked = await LinkedGateways.StartAsync(2);
        var proof = linked[1].App.Services.GetRequiredService<LinkProof>();
        var target = linked[0].App.Services.GetRequiredService<ThisGateway>().Id;
        var right = proof.Ask(target, LinkEndpoints.Presence)!.Value.Ask;
        Assert.Equal(HttpStatusCode.OK, await AskAsync(right));
        foreach (var wrong in new[]
        {
            null, "", "x", "a.b.c", right + "x", right[..^1], "x" + right, right + "." + right, new string('.', 5000),
            proof.Ask(target, "/cluster/other")!.Value.Ask, proof.Ask("another", LinkEndpoints.Presence)!.Value.Ask,
        })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(wrong));
        }

        async Task<HttpStatusCode> AskAsync(string? shown)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, LinkEndpoints.Presence);
            if (shown is not null)
            {
                request.Headers.TryAddWithoutValidation(LinkProof.Header, shown);
            }

            using var answer = await linked[0].Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task A_gateway_with_another_secret_at_the_address_is_not_believed()
    {
        await using var linked = await LinkedGateways.StartAsync(2);
        await using var stranger = await RunningGateway.StartAsync("--Cluster:Address=http://127.0.0.1:0");
        linked.CableTo(1).Gateway = stranger.Address;
        linked.CableTo(1).Cut();
        linked.CableTo(1).Mend();
        await linked.AdvanceUntilAsync(
            () => linked.Log.Lines.Any(l => l.Text.Contains("it answers 401", StringComparison.Ordinal)), "the refusal to be logged");
        Assert.Equal(0, linked.Heard(0));
    }

    [Fact]
    public async Task A_gateway_alone_has_no_links_and_pays_nothing()
    {
        await using var gateway = await RunningGateway.StartAsync();
        using var answer = await gateway.Http.GetAsync(LinkEndpoints.Presence);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("", gateway.App.Services.GetRequiredService<ThisGateway>().Address);
    }

    [Fact]
    public async Task Nothing_about_visitors_is_logged()
    {
        await using var linked = await LinkedGateways.StartAsync(2);
        using var one = await linked.LookAsync(1, A, "the-agent");
        await linked.AdvanceUntilAsync(() => linked.Visitors() == 1, "the visitor to be heard of");
        linked.CableTo(1).Insert("5\r\n\"x\"}\n\r\n"u8.ToArray());
        await linked.AdvanceUntilAsync(
            () => linked.Log.Lines.Any(l => l.Text.Contains("is not heard", StringComparison.Ordinal)), "the link to break");
        Assert.DoesNotContain(linked.Log.Lines, l => l.Text.Contains("the-agent", StringComparison.Ordinal));
    }
}
