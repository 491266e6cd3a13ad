using System.Globalization;

namespace Counter.Grains.Local;

/// <summary>What is stored of one state of a grain.</summary>
/// <param name="Version">Another one with every write.</param>
/// <param name="Value">The state.</param>
internal sealed record SqliteRow(long Version, StoredBytes Value)
{
    /// <summary>The version as Orleans hands it around.</summary>
    public string ETag => Version.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A state to be written, or deleted.</summary>
/// <param name="Name">The name of the state.</param>
/// <param name="Grain">Whose it is.</param>
/// <param name="ETag">What must be stored now; null for nothing.</param>
/// <param name="Value">The state; null to delete it.</param>
internal sealed record SqliteChange(string Name, string Grain, string? ETag, StoredBytes? Value)
{
    /// <summary>Ends when it is on the disk or has failed.</summary>
    public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What is stored once it is done.</summary>
    public SqliteRow? Row { get; set; }

    /// <summary>Whether something else was stored than was expected, and nothing was changed.</summary>
    public bool Conflicts { get; set; }
}
