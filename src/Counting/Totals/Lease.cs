namespace Counter.Counting.Totals;

/// <summary>What one gateway last said about a page. It outlives its viewers, so that a late report is known to be late.</summary>
internal sealed class Lease(string gatewayId)
{
    /// <summary>The run of a gateway process that this is from.</summary>
    public string GatewayId { get; } = gatewayId;

    /// <summary>The number of the newest report heard.</summary>
    public long Sequence { get; set; }

    /// <summary>Since which report <see cref="Arrivals"/> counts.</summary>
    public long Opened { get; set; }

    /// <summary>The viewers; 0 once the lease has ended.</summary>
    public int Viewers { get; set; }

    /// <summary>The arrivals since <see cref="Opened"/> that are already counted.</summary>
    public long Arrivals { get; set; }

    /// <summary>When the viewers are given up unless the gateway is heard again.</summary>
    public DateTimeOffset Ends { get; set; }
}
