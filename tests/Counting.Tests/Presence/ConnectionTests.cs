using Xunit;

namespace Counter.Counting.Tests.Presence;

public sealed class ConnectionTests : PresenceTest
{
    [Fact]
    public void Of_four_streams_that_hold_a_connection_the_oldest_in_doubt_is_ended_for_the_fifth()
    {
        var streams = Walk(4);
        Assert.All(streams, stream => Assert.False(stream.Response.Ended));
        Open("/5", Weak, scarce: true);
        Assert.Equal([true, false, false, false], streams.Select(stream => stream.Response.Ended));
    }

    [Fact]
    public void A_page_that_somebody_may_look_at_is_never_ended()
    {
        var streams = Enumerable.Range(0, 6).Select(_ => Open("/a", Weak, scarce: true)).ToArray();
        var moved = Open("/b", Weak, scarce: true);
        Open("/c", Weak, scarce: true);
        Assert.All(streams, stream => Assert.False(stream.Response.Ended));
        Assert.False(moved.Response.Ended);
    }

    [Fact]
    public void More_streams_than_a_browser_has_connections_are_several_browsers_and_none_is_ended()
    {
        var pupils = Enumerable.Range(0, 7).Select(_ => Open("/a", Weak, scarce: true)).ToArray();
        var moved = new[] { Open("/b", Weak, scarce: true), Open("/c", Weak, scarce: true), Open("/d", Weak, scarce: true) };
        Assert.All([.. pupils, .. moved], stream => Assert.False(stream.Response.Ended));
    }

    [Fact]
    public void Streams_that_share_one_connection_are_not_ended()
    {
        var streams = Enumerable.Range(0, 20).Select(i => Open($"/{i}", Strong)).ToArray();
        Assert.All(streams, stream => Assert.False(stream.Response.Ended));
    }

    private Opened[] Walk(int pages) => [.. Enumerable.Range(0, pages).Select(i => Open($"/{i}", Weak, scarce: true))];
}
