using System.Collections.Concurrent;
using Orleans.Storage;

namespace Counter.Grains.Tests.Support;

/// <summary>A store that outlives silos, as a real one does, and keeps copies as one does.</summary>
internal sealed class SharedStore : IGrainStorage
{
    private readonly ConcurrentDictionary<(string, GrainId), (string ETag, StoredBytes Value)> rows = [];

    /// <summary>How often anything was written.</summary>
    public int Writes;

    /// <summary>How many writes had to wait.</summary>
    public int Waiting;

    /// <summary>Whether nothing can be written.</summary>
    public bool IsFull { get; set; }

    /// <summary>The key of a grain that nothing can be read for.</summary>
    public string? Unreadable { get; set; }

    /// <summary>What a write waits for; null for nothing.</summary>
    public Task? Hold { get; set; }

    /// <summary>The only name whose writes wait; null for all.</summary>
    public string? Held { get; set; }

    /// <summary>The name of what cannot be deleted.</summary>
    public string? Undeletable { get; set; }

    /// <summary>How many things are stored.</summary>
    public int Count => rows.Count;

    /// <summary>How many things of one name are stored.</summary>
    public int CountOf(string name) => rows.Keys.Count(key => key.Item1 == name);

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (grainId.Key.ToString() == Unreadable)
        {
            throw new IOException("The store does not answer.");
        }

        var found = rows.TryGetValue((stateName, grainId), out var row);
        (grainState.RecordExists, grainState.ETag, grainState.State) = (found, found ? row.ETag : null, (T)(object)Copy(found ? row.Value : new StoredBytes()));
        return Task.CompletedTask;
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (IsFull)
        {
            throw new IOException("The store is full.");
        }

        if (Hold is { } hold && (Held is null || Held == stateName))
        {
            Interlocked.Increment(ref Waiting);
            await hold;
        }

        Check(stateName, grainId, grainState.ETag);
        var next = (Guid.NewGuid().ToString(), Copy((StoredBytes)(object)grainState.State!));
        rows[(stateName, grainId)] = next;
        (grainState.RecordExists, grainState.ETag) = (true, next.Item1);
        Interlocked.Increment(ref Writes);
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (stateName == Undeletable)
        {
            throw new IOException("The store does not answer.");
        }

        Check(stateName, grainId, grainState.ETag);
        rows.TryRemove((stateName, grainId), out _);
        (grainState.RecordExists, grainState.ETag, grainState.State) = (false, null, (T)(object)new StoredBytes());
        return Task.CompletedTask;
    }

    /// <summary>Somebody else deletes everything.</summary>
    public void Clear() => rows.Clear();

    /// <summary>Somebody else writes everything once more, as it is.</summary>
    public void Disturb()
    {
        foreach (var (key, row) in rows)
        {
            rows[key] = (Guid.NewGuid().ToString(), row.Value);
        }
    }

    /// <summary>An activation that nobody here knows of, newer than all, writes everything once more, as it is.</summary>
    public void Overtake()
    {
        foreach (var (key, row) in rows)
        {
            var value = Copy(row.Value);
            value.Writer = DateTimeOffset.MaxValue.UtcTicks;
            rows[key] = (Guid.NewGuid().ToString(), value);
        }
    }

    /// <summary>Everything that is stored is damaged.</summary>
    public void Damage()
    {
        foreach (var (key, row) in rows)
        {
            rows[key] = (row.ETag, new StoredBytes { Format = row.Value.Format, Bytes = [.. row.Value.Bytes!.Select(b => (byte)(b ^ 0xFF))] });
        }
    }

    private void Check(string stateName, GrainId grainId, string? etag)
    {
        var current = rows.TryGetValue((stateName, grainId), out var row) ? row.ETag : null;
        if (current != etag)
        {
            throw new InconsistentStateException($"{stateName} of {grainId} was written by somebody else.", current, etag);
        }
    }

    private static StoredBytes Copy(StoredBytes value) => new() { Format = value.Format, Bytes = value.Bytes?.ToArray(), Writer = value.Writer };
}
