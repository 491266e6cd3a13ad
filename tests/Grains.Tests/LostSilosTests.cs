using System.Net;
using Counter.Grains.Gateways;
using Xunit;

namespace Counter.Grains.Tests;

/// <summary>The conditions for a resync of all gateways.</summary>
public sealed class LostSilosTests
{
    private readonly LostSilos lost = new();

    [Fact]
    public void A_stopping_silo_is_detected_at_its_start_and_end()
    {
        Assert.False(lost.DetectLoss([Silo(1), Silo(2)], []));
        Assert.True(lost.DetectLoss([Silo(1)], [Silo(2)]));
        Assert.False(lost.DetectLoss([Silo(1)], [Silo(2)]));
        Assert.True(lost.DetectLoss([Silo(1)], []));
        Assert.False(lost.DetectLoss([Silo(1), Silo(3)], []));
    }

    [Fact]
    public void A_killed_silo_is_detected_once()
    {
        Assert.False(lost.DetectLoss([Silo(1), Silo(2)], []));
        Assert.True(lost.DetectLoss([Silo(1)], []));
        Assert.False(lost.DetectLoss([Silo(1)], []));
    }

    private static SiloAddress Silo(int generation) => SiloAddress.New(IPAddress.Loopback, 1, generation);
}
