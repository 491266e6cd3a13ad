using Orleans.Storage;

namespace Counter.Grains;

/// <summary>Writes the states of grains so that an old activation never overwrites a newer one.</summary>
internal static class StoreWriter
{
    /// <summary>
    /// Returns the number of a new activation. It is higher than the numbers of earlier activations. The exception is an activation that stored
    /// nothing and whose silo's clock was ahead.
    /// </summary>
    public static long NextWriter(this IPersistentState<StoredBytes> stored, DateTimeOffset now) => Math.Max(now.UtcTicks, stored.State.Writer + 1);

    /// <summary>
    /// Stores the state. It also overwrites what an earlier activation stored meanwhile while it deactivated: gateways have sent this activation
    /// everything that the earlier one knew.
    /// </summary>
    /// <param name="stored">The state.</param>
    /// <param name="writer">The number of the activation that stores it.</param>
    /// <returns>
    /// False when a newer activation has stored or deleted the state. The other silos have declared the silo of this activation dead, so it must
    /// deactivate.
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
                // Later saves of this activation must fail too, also the one at its deactivation.
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
    /// Deletes the state, whichever activation stored it last. It first waits for the write that is under way: that write would store the state
    /// again after a conflict.
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
