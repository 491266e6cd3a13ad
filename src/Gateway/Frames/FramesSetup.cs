namespace Counter.Gateway.Frames;

/// <summary>Registers the renderers and the cache of frames.</summary>
internal static class FramesSetup
{
    public static void AddFrames(this IServiceCollection services)
    {
        services.AddSingleton<FrameRenderer>();
        services.AddSingleton<IFrameRenderer>(provider => provider.GetRequiredService<FrameRenderer>());
        services.AddSingleton(provider => provider.GetRequiredService<FrameRenderer>().Notices);
        services.AddSingleton(provider => new FrameCache(
            provider.GetRequiredService<IFrameRenderer>(), log: provider.GetRequiredService<ILogger<FrameCache>>()));
    }
}
