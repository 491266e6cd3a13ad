using Orleans.Storage;

namespace Counter.Grains;

/// <summary>Writes what grains keep.</summary>
internal static class StoreWriter
{
    /// <summary>
    /// A number for a new activation. It is above those of activations before it, but for one that never stored anything in a silo whose
    /// clock was ahead.
    /// </summary>
    public static long NextWriter(this IPersistentState<StoredBytes> stored, DateTimeOffset now) => Math.Max(now.UtcTicks, stored.State.Writer + 1);

    /// <summary>
    /// Stores the state, also when an activation before this one, still on its way out, has stored something in between: gateways have told
    /// this one what the other one knew.
    /// </summary>
    /// <param name="stored">The state.</param>
    /// <param name="writer">The activation that stores it.</param>
    /// <returns>
    /// False when a newer activation has stored or deleted something: this one was in a silo that the others gave up, and it is to go.
    /// </returns>
    public static async Task<bool> TryWriteAsync(this IPersistentState<StoredBytes> stored, long writer)
    {
        if (stored.State.Writer > writer)
        {
            return false;
        }

        stored.State.Writer = writer;
        try
        {
            await stored.WriteStateAsync();
            stored.State.Release();
        }
        catch (InconsistentStateException)
        {
            var state = stored.State;
            await stored.ReadStateAsync();
            if (!stored.RecordExists || stored.State.Writer > writer)
            {
                // What this activation is still told must not be stored on its way out either.
                stored.State.Writer = long.MaxValue;
                return false;
            }

            stored.State = state;
            await stored.WriteStateAsync();
            stored.State.Release();
        }

        return true;
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
