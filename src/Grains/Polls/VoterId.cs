namespace Counter.Grains.Polls;

/// <summary>A visitor in a request to a poll.</summary>
/// <param name="Hash">The visitor, as a hash that changes every day.</param>
[GenerateSerializer, Immutable, Alias("counter.VoterId")]
internal readonly record struct VoterId(ulong Hash)
{
    /// <summary>Does not contain the hash, so that no log has it: Orleans describes requests that fail by their arguments.</summary>
    public override string ToString() => nameof(VoterId);
}
