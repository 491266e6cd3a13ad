using System.Globalization;
using Counter.Gateway.Cluster;
using Counter.Gateway.Relay.Elsewhere;
using Counter.Gateway.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Counter.Gateway.Tests.Relay;

public sealed class SourcesTests
{
    [Fact]
    public async Task News_of_channels_never_overtake_each_other()
    {
        await using var gateway = await RunningGateway.StartAsync();
        var sources = new Sources(gateway.App.Services.GetRequiredService<ThisGateway>(), gateway.Clock);
        var told = new List<IReadOnlyDictionary<string, Published>>();
        void Listen(IReadOnlyDictionary<string, Published> channels)
        {
            lock (told)
            {
                told.Add(channels);
            }
        }

        sources.Follow(Listen);
        Parallel.For(0, 400, i => sources.Publish("cam" + i.ToString(CultureInfo.InvariantCulture), live: false));
        sources.Unfollow(Listen);
        sources.Publish("unheard", live: true);

        // Everything ever published is told of, so each of the news has one channel more than the one before.
        Assert.Equal(Enumerable.Range(0, 401), told.Select(channels => channels.Count));
    }
}
