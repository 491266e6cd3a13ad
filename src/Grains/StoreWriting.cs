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
}
