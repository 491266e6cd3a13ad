namespace Counter.Grains.Engine;

/// <summary>How a gateway uses the Orleans engine.</summary>
public sealed record OrleansOptions
{
    /// <summary>The most pages of one site; further ones are refused.</summary>
    public int MaxPagesPerSite { get; init; } = 10_000;

    /// <summary>The most sites; pages of further ones are refused.</summary>
    public int MaxSites { get; init; } = 10_000;
}
