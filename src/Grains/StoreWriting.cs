using Orleans.Storage;

namespace Counter.Grains;

/// <summary>Writes what grains keep.</summary>
internal static class StoreWriting
{
    /// <summary>
    /// Stores the state, also when an activation that was still on its way out has stored something in between: this one is the newer
    /// one, and gateways have told it what the other one knew.
    /// </summary>
    public static async Task WriteOverAsync(this IPersistentState<StoredBytes> stored)
    {
        try
        {
            await stored.WriteStateAsync();
        }
        catch (InconsistentStateException)
        {
            var state = stored.State;
            await stored.ReadStateAsync();
            stored.State = state;
            await stored.WriteStateAsync();
        }
    }

    /// <summary>
    /// Deletes what is stored, whoever stored it last. It waits for what is being written, which would be written once more when it finds
    /// itself overtaken.
    /// </summary>
    public static async Task ClearOverAsync(this IPersistentState<StoredBytes> stored, Task writing)
    {
        await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        try
        {
            await stored.ClearStateAsync();
        }
        catch (InconsistentStateException)
        {
            await stored.ReadStateAsync();
            await stored.ClearStateAsync();
        }
    }
}
