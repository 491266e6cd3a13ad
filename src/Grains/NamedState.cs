using Orleans.Storage;

namespace Counter.Grains;

/// <summary>A state of a grain whose name is known only at run time, so the grain's constructor cannot declare it.</summary>
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
