namespace Counter.Grains;

/// <summary>What the silo sees of an active grain that counts. The grain writes it; any thread of the silo may read it.</summary>
internal abstract class ActiveGrain
{
    private volatile bool isDirty;

    /// <summary>Whether the grain has viewers.</summary>
    public abstract bool HasViewers { get; }

    /// <summary>Whether the grain has changes that are not stored.</summary>
    public bool IsDirty { get => isDirty; set => isDirty = value; }

    /// <summary>When the grain was last saved, or the save failed. Only the silo's service uses it.</summary>
    public DateTimeOffset SavedAt { get; set; }

    public abstract Task SaveAsync();
}
