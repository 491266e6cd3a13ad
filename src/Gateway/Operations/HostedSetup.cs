namespace Counter.Gateway.Operations;

/// <summary>Registers services that other services use and that run as long as the host.</summary>
internal static class HostedSetup
{
    /// <summary>Adds a service that is resolved by its type and is started and stopped with the host.</summary>
    public static void AddHosted<T>(this IServiceCollection services)
        where T : class, IHostedService =>
        services.AddSingleton<T>().AddHostedService(provider => provider.GetRequiredService<T>());

    /// <inheritdoc cref="AddHosted{T}(IServiceCollection)"/>
    public static void AddHosted<T>(this IServiceCollection services, Func<IServiceProvider, T> make)
        where T : class, IHostedService =>
        services.AddSingleton(make).AddHostedService(provider => provider.GetRequiredService<T>());
}
