namespace Counter.Grains;

/// <summary>A grain that counts and is in this silo, as others in the silo may see it. The grain writes it, anybody reads it.</summary>
internal abstract class ActiveGrain
{
    private volatile bool isDirty;

    /// <summary>Whether somebody is counted.</summary>
    public abstract bool HasViewers { get; }

    /// <summary>Whether the store is behind.</summary>
    public bool IsDirty { get => isDirty; set => isDirty = value; }

    /// <summary>When it was stored last; read and written by the silo's service only.</summary>
    public DateTimeOffset SavedAt { get; set; }

    /// <summary>Has the grain stored.</summary>
    public abstract Task SaveAsync();
}
