namespace Counter.Postgres;

/// <summary>How the PostgreSQL engine works.</summary>
public sealed record PostgresOptions
{
    /// <summary>Where the database is, as Npgsql reads it.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>How long a gateway that is not heard keeps its viewers, by the clock of the database.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The most pages of one site; further ones are refused.</summary>
    public int MaxPagesPerSite { get; init; } = 10_000;

    /// <summary>The most sites; pages of further ones are refused.</summary>
    public int MaxSites { get; init; } = 10_000;
}
