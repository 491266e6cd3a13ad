using System.Globalization;

namespace Counter.Grains.Local;

/// <summary>A stored state of a grain.</summary>
/// <param name="Version">A random number that every write changes.</param>
/// <param name="Value">The state.</param>
internal sealed record SqliteRow(long Version, StoredBytes Value)
{
    /// <summary>The version as Orleans' ETag.</summary>
    public string ETag => Version.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A write or a deletion of a state.</summary>
/// <param name="Name">The name of the state.</param>
/// <param name="Grain">The id of the grain.</param>
/// <param name="ETag">The version that must be stored before the change; null for none.</param>
/// <param name="Value">The new state; null to delete it.</param>
internal sealed record SqliteChange(string Name, string Grain, string? ETag, StoredBytes? Value)
{
    /// <summary>Completes when the change is on the disk or has failed.</summary>
    public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The stored state after the change.</summary>
    public SqliteRow? Row { get; set; }

    /// <summary>Whether another version was stored than <see cref="ETag"/>, so nothing was changed.</summary>
    public bool Conflicts { get; set; }
}
