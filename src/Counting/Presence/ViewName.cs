namespace Counter.Counting.Presence;

/// <summary>Names a view in the whole cluster: by the stream that began it.</summary>
/// <param name="Gateway">The gateway of that stream.</param>
/// <param name="Number">The number of the stream there.</param>
public readonly record struct ViewName(string Gateway, long Number)
{
    /// <summary>Whether this name is smaller. Any order will do, as long as it is the same at every gateway.</summary>
    public bool IsBefore(ViewName other) =>
        string.CompareOrdinal(Gateway, other.Gateway) is not 0 and var byGateway ? byGateway < 0 : Number < other.Number;
}
