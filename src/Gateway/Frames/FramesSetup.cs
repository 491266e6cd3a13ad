namespace Counter.Gateway.Frames;

/// <summary>What drawing is made of.</summary>
internal static partial class FramesSetup
{
    /// <summary>Adds the renderer that this machine's libraries allow, and the cache of frames.</summary>
    public static void AddFrames(this IServiceCollection services)
    {
        services.AddSingleton(provider =>
        {
            var support = RasterSupport.Probe();
            if (support.Advice is { } advice)
            {
                LogAdvice(provider.GetRequiredService<ILogger<FrameRenderer>>(), advice);
            }

            return new FrameRenderer(support);
        });
        services.AddSingleton<IFrameRenderer>(provider => provider.GetRequiredService<FrameRenderer>());
        services.AddSingleton(provider => provider.GetRequiredService<FrameRenderer>().Notices);
        services.AddSingleton(provider => new FrameCache(
            provider.GetRequiredService<IFrameRenderer>(), log: provider.GetRequiredService<ILogger<FrameCache>>()));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Advice}")]
    private static partial void LogAdvice(ILogger log, string advice);
}
