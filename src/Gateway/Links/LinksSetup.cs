using Counter.Gateway.Operations;

namespace Counter.Gateway.Links;

/// <summary>What the links between gateways are made of.</summary>
internal static class LinksSetup
{
    /// <summary>Adds what tells other gateways of the streams here, and what hears of theirs.</summary>
    public static void AddLinks(this IServiceCollection services)
    {
        services.AddSingleton<LinkProof>();
        services.AddSingleton<LinkClient>();
        services.AddSingleton<Telling>();
        services.AddHosted<LinkKeeper>();
    }
}
