namespace Counter.Gateway.Operations;

/// <summary>What a gateway measures.</summary>
internal static class Meters
{
    /// <summary>The names of the meters.</summary>
    public static string[] All => [CounterMetrics.MeterName, "System.Runtime", "Microsoft.AspNetCore.Server.Kestrel"];
}
