namespace Counter.Counting.Totals;

/// <summary>What is stored of a gateway's last report about a page: enough to know a late or repeated one, but not its viewers.</summary>
/// <param name="GatewayId">The run of a gateway process that it was from.</param>
/// <param name="Sequence">The number of the newest report heard.</param>
/// <param name="Opened">Since which report <paramref name="Arrivals"/> counts.</param>
/// <param name="Arrivals">The arrivals that are already counted.</param>
/// <param name="Ends">When the lease ends; it is remembered for <see cref="PageCounter.Remember"/> longer.</param>
public sealed record LeaseMemory(string GatewayId, long Sequence, long Opened, long Arrivals, DateTimeOffset Ends);
