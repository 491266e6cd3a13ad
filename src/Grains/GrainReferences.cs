namespace Counter.Grains;

/// <summary>Finds grains by their key.</summary>
/// <remarks><c>GetGrain</c> reads the attributes of the interface at each call, which is up to a tenth of the work of many small calls.</remarks>
internal static class GrainReferences
{
    /// <summary>A reference to a grain. The grain need not exist.</summary>
    public static T Find<T>(this IGrainFactory grains, string key)
        where T : class, IGrainWithStringKey
    {
        if (Known<T>.Names is { } names)
        {
            return (T)grains.GetGrain(GrainId.Create(names.Grain, key), names.Interface);
        }

        var found = grains.GetGrain<T>(key);
        if (found is GrainReference reference)
        {
            Known<T>.Names = new Names(reference.GrainId.Type, reference.InterfaceType);
        }

        return found;
    }

    private static class Known<T>
    {
        public static Names? Names { get; set; }
    }

    private sealed record Names(GrainType Grain, GrainInterfaceType Interface);
}
