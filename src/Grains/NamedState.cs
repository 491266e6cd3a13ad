using Orleans.Storage;

namespace Counter.Grains;

/// <summary>A state of a grain beside those that its constructor names.</summary>
/// <param name="storage">Where it is kept.</param>
/// <param name="name">Tells it from the grain's other states.</param>
/// <param name="grain">The grain.</param>
internal sealed class NamedState(IGrainStorage storage, string name, GrainId grain) : IPersistentState<StoredBytes>
{
    private readonly GrainState<StoredBytes> state = new(new StoredBytes());

    public StoredBytes State { get => state.State!; set => state.State = value; }

    public string Etag => state.ETag!;

    public bool RecordExists => state.RecordExists;

    public Task ReadStateAsync() => storage.ReadStateAsync(name, grain, state);

    public Task WriteStateAsync() => storage.WriteStateAsync(name, grain, state);

    public Task ClearStateAsync() => storage.ClearStateAsync(name, grain, state);
}
