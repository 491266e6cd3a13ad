using Counter.Gateway.Frames;
using Counter.Gateway.Frames.Charts;
using Counter.Gateway.Http;

namespace Counter.Gateway.Charts;

/// <summary>What charts are made of, and where they are.</summary>
internal static class ChartsSetup
{
    /// <summary>Adds the renderer, and what charts of viewers need.</summary>
    public static void AddCharts(this IServiceCollection services)
    {
        services.AddSingleton(provider => new ChartRenderer(provider.GetRequiredService<FrameRenderer>().Painter));
        services.AddSingleton<ChartFrames>();
        services.AddSingleton<ViewerHistories>();
        services.AddSingleton<ChartImages>();
    }

    /// <summary>Maps the live charts of viewers.</summary>
    public static void MapCharts(this IEndpointRouteBuilder app)
    {
        app.MapMethods("/online/chart.png", HttpVerbs.Read, (HttpContext context, ChartImages charts) =>
            charts.ServeAsync(context, ImageFormat.Png));
        app.MapMethods("/online/chart.svg", HttpVerbs.Read, (HttpContext context, ChartImages charts) =>
            charts.ServeAsync(context, ImageFormat.Svg));
    }
}
