namespace Counter.Gateway.Operations;

/// <summary>What a silo measures. Keys of grains are nowhere among the tags: they are unbounded, and some are nobody's business.</summary>
internal static class Meters
{
    /// <summary>The names of the meters.</summary>
    public static string[] All => ["Microsoft.Orleans", "System.Runtime", "Microsoft.AspNetCore.Server.Kestrel"];
}
