using Counter.Counting.Pages;
using Counter.Gateway.Frames;
using Counter.Gateway.Links;
using Counter.Gateway.Relay.Elsewhere;
using Counter.Gateway.Streaming;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Counter.Gateway.Tests.Links;

/// <summary>A gateway is heard again in the very moment in which it is forgotten.</summary>
public sealed class ForgettingTests
{
    // As long as a link needs that does not wait for the forgetting, and many times more.
    private static readonly TimeSpan Ample = TimeSpan.FromMilliseconds(500);

    [Fact]
    public async Task What_a_new_link_says_while_a_gateway_is_being_forgotten_is_kept()
    {
        await using var linked = await LinkedGateways.StartAsync(2);
        using var one = await linked.LookAsync(1, "https://example.com/a", "one");
        var channels = linked[0].App.Services.GetRequiredService<Sources>();
        linked[1].App.Services.GetRequiredService<Sources>().Publish("cam", live: false);
        await linked.AdvanceUntilAsync(() => linked.Visitors(0) == 1 && channels.Elsewhere("cam") is not null, "all to be heard of");
        linked.CableTo(1).Cut();
        await linked.AdvanceUntilAsync(() => linked.Heard(0) == 0, "the link to break");

        // The next link is asked for, and its answer is on its way when the ten seconds are over.
        linked.CableTo(1).Hold();
        linked.CableTo(1).Mend();
        await linked[0].AdvanceForAsync(Hearing.Remember - TimeSpan.FromSeconds(1));
        Assert.Equal((0, 1), (linked.Heard(0), linked.Visitors(0)));

        // Visitors are forgotten before channels; whoever is shown that looks on while the new link comes up.
        var hooked = false;
        using var end = new CancellationTokenSource();
        var stream = new Onlooker(linked.Clock, end.Token);
        var showing = linked[0].App.Services.GetRequiredService<Feeds>().RunAsync(CountKey.ForVisitors("example.com"), null, stream, reading =>
        {
            if (reading.Viewers == 0 && !hooked)
            {
                hooked = true;
                linked.CableTo(1).Release();
                SpinWait.SpinUntil(() => linked.Heard(0) == 1 && linked.Visitors(0) == 1, Ample);
            }

            return new Frame("text/plain", "x"u8.ToArray());
        });
        await linked.AdvanceUntilAsync(() => hooked && linked.Heard(0) == 1, "the gateway to be forgotten and heard again");
        await linked.AdvanceUntilAsync(() => linked.Visitors(0) == 1 && channels.Elsewhere("cam") is not null, "all to be known again");
        await end.CancelAsync();
        await showing;
    }

    /// <summary>A stream of nobody's.</summary>
    private sealed class Onlooker(TimeProvider clock, CancellationToken aborted) : LiveStream(clock, metrics: null)
    {
        public override CancellationToken Aborted => aborted;

        protected override ValueTask<bool> WriteAsync(Frame frame, bool last) => ValueTask.FromResult(true);

        protected override void Abort()
        {
        }
    }
}
