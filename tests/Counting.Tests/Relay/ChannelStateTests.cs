using Counter.Counting.Relay;
using Counter.Tests.Support;
using Xunit;

namespace Counter.Counting.Tests.Relay;

public sealed class ChannelStateTests
{
    private readonly ManualTimeProvider clock = new();
    private readonly ChannelState channel;
    private readonly Guid first = Guid.NewGuid();
    private readonly Guid second = Guid.NewGuid();

    public ChannelStateTests() => channel = new ChannelState(clock);

    [Fact]
    public void The_newest_stream_replaces_any_other()
    {
        channel.Begin(first);
        Assert.Equal(new PublicationState(true, false, false), channel.Renew(first));
        channel.Begin(second);
        Assert.Equal(new PublicationState(false, false, false), channel.Publish(first, Picture(1)));
        Assert.Equal(0, channel.Finish(first, Picture(1)));
        Assert.True(channel.IsLive);
        Assert.True(channel.Renew(second).IsCurrent);
    }

    [Fact]
    public void Single_pictures_are_accepted_while_no_stream_is_published()
    {
        var put = channel.Put(Picture(1));
        Assert.Equal(put, channel.NewsAfter(0).Version);
        channel.Begin(first);
        Assert.Null(channel.Put(Picture(2)));
        var end = channel.Finish(first, Picture(3));
        Assert.Equal(end, channel.NewsAfter(put!.Value).Version);
        Assert.Equal(Picture(3).Image, channel.NewsAfter(put.Value).Picture!.Image);
        Assert.NotNull(channel.Put(Picture(4)));
    }

    [Fact]
    public void A_stream_of_an_expired_gateway_has_ended()
    {
        channel.Begin(first);
        clock.Advance(ChannelState.Lease - TimeSpan.FromTicks(1));
        Assert.False(channel.Expire());
        channel.Renew(first);
        clock.Advance(ChannelState.Lease);
        Assert.NotNull(channel.Put(Picture(1)));
        Assert.False(channel.IsLive);

        // It was only cut off: it goes on.
        Assert.False(channel.Renew(second).IsCurrent);
        Assert.True(channel.Renew(first).IsCurrent);
    }

    [Fact]
    public void A_late_report_does_not_restart_an_ended_stream()
    {
        channel.Begin(first);
        channel.Begin(second);
        channel.Finish(second, null);
        Assert.False(channel.Renew(first).IsCurrent);
        Assert.False(channel.Renew(second).IsCurrent);
        Assert.False(channel.IsLive);
    }

    [Fact]
    public void Pictures_of_a_stream_are_requested_while_the_last_one_is_old()
    {
        channel.Begin(first);
        Assert.False(channel.Renew(first).IsWanted);
        channel.BeginAsking(0);
        Assert.True(channel.IsAwaited);
        Assert.True(channel.Renew(first).IsWanted);
        channel.Publish(first, Picture(1));
        Assert.True(channel.HasChanges(0));
        var known = channel.NewsAfter(0);
        Assert.False(channel.HasChanges(known.Version));
        Assert.Null(channel.NewsAfter(known.Version).Picture);
        channel.EndAsking();
        clock.Advance(ChannelState.Wanted);
        Assert.False(channel.Renew(first).IsWanted);

        // Whoever comes now waits for one that is new.
        channel.BeginAsking(0);
        Assert.False(channel.HasChanges(0));
        channel.Publish(first, Picture(2));
        Assert.Equal(Picture(2).Image, channel.NewsAfter(0).Picture!.Image);
    }

    [Fact]
    public void A_removed_channel_is_gone_for_its_watchers_and_can_be_created_again()
    {
        channel.Begin(first);
        channel.Publish(first, Picture(1));
        var known = channel.Version;
        channel.Remove();
        Assert.Equal(new PublicationState(false, true, false), channel.Renew(first));
        Assert.True(channel.NewsAfter(known).IsRemoved);
        Assert.True(channel.NewsAfter(0).IsRemoved);
        channel.Begin(second);
        Assert.True(channel.NewsAfter(known).IsRemoved);
        Assert.False(channel.NewsAfter(0).IsRemoved);
        Assert.True(channel.Renew(second).IsCurrent);
    }

    [Fact]
    public void A_new_activation_resumes_the_stream_and_its_versions()
    {
        channel.BeginAsking(long.MaxValue / 2);
        Assert.True(channel.Renew(first).IsCurrent);
        Assert.True(channel.IsLive);
        Assert.True(channel.Version > long.MaxValue / 2);
    }

    private static ChannelPicture Picture(byte number) => new("image/jpeg", 1, 1, [number]);
}
