using System.Net;
using System.Text;
using Counter.Gateway.Tests.Cluster;
using Counter.Gateway.Tests.Support;
using Xunit;

namespace Counter.Gateway.Tests.Polls;

/// <summary>Polls at several gateways: a visitor has one vote, and all gateways show the same.</summary>
public sealed class SharedPollTests
{
    private const string Row = "/react/like?site=example.com&page=/a&options=A,B,C";

    [Fact]
    public async Task A_visitor_has_one_vote_for_all_gateways_and_all_show_it()
    {
        await using var group = await GatewayGroup.StartAsync(3);
        for (var i = 0; i < 3; i++)
        {
            await VoteAsync(group, i, "A", "one");
            await VoteAsync(group, i, "B", $"only {i}");
        }

        // The one voted at three gateways: counted, taken back, counted.
        await ShowAsync(group, "1 3 0");
        await VoteAsync(group, 1, "C", "one");
        await ShowAsync(group, "0 3 1");
    }

    [Fact]
    public async Task A_visitor_who_voted_at_one_gateway_sees_results_at_another()
    {
        var secret = Row + "&results=after";
        await using var group = await GatewayGroup.StartAsync(2);
        using var looking = await group.ViewAsync(1, "http://example.com/a", "one", PollTest.Picture(secret));
        await looking.ReadPreambleAsync("image/svg+xml");
        Assert.Equal("", PollTest.Numbers(Encoding.UTF8.GetString(await looking.ReadFrameAsync("image/svg+xml"))));
        await VoteAsync(group, 0, "B", "one", secret);
        Assert.Equal("0 1 0", await ReadUntilAsync(group[1], looking, "0 1 0"));
        using var again = await group.ViewAsync(1, "http://example.com/a", "one", PollTest.Picture(secret));
        await again.ReadPreambleAsync("image/svg+xml");
        Assert.Equal("0 1 0", await ReadUntilAsync(group[1], again, "0 1 0"));
    }

    private static async Task VoteAsync(GatewayGroup group, int i, string answer, string agent, string path = Row)
    {
        // The clock must move, or what waits for it does not end.
        var voting = PollTest.VoteAsync(group[i], path, answer, agent);
        await group.AdvanceUntilAsync(() => voting.IsCompleted, "the vote to be answered");
        using var voted = await voting;
        Assert.Equal(HttpStatusCode.NoContent, voted.StatusCode);
        group[i].Clock.Advance(TimeSpan.FromSeconds(1));
    }

    /// <summary>Reads some frames, until one shows what is wanted.</summary>
    internal static async Task<string> ReadUntilAsync(RunningGateway gateway, RawClient picture, string wanted)
    {
        var shown = "";
        for (var frames = 0; shown != wanted && frames < 5; frames++)
        {
            shown = PollTest.Numbers(Encoding.UTF8.GetString(
                await gateway.AdvanceUntilAsync(picture.ReadFrameAsync("image/svg+xml"), "another frame")));
        }

        return shown;
    }

    private static async Task ShowAsync(GatewayGroup group, string numbers)
    {
        for (var i = 0; i < 2; i++)
        {
            var shown = "";
            await Wait.UntilAsync(
                async () =>
                {
                    group[i].Clock.Advance(TimeSpan.FromMilliseconds(100));
                    shown = PollTest.Numbers(await group[i].Http.GetStringAsync(PollTest.Picture(Row) + "&live=0"));
                    return shown == numbers;
                },
                $"gateway {i} to show {numbers}");
        }
    }
}
