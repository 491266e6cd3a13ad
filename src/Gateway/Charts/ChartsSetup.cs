using Counter.Gateway.Frames;
using Counter.Gateway.Frames.Charts;
using Counter.Gateway.Http;

namespace Counter.Gateway.Charts;

/// <summary>Registers and maps the charts of viewers.</summary>
internal static class ChartsSetup
{
    public static void AddCharts(this IServiceCollection services)
    {
        services.AddSingleton(provider => new ChartRenderer(provider.GetRequiredService<FrameRenderer>().Painter));
        services.AddSingleton<ChartFrames>();
        services.AddSingleton<ViewerHistories>();
        services.AddSingleton<ChartImages>();
    }

    public static void MapCharts(this IEndpointRouteBuilder app)
    {
        app.MapMethods("/online/chart.png", HttpVerbs.Read, (HttpContext context, ChartImages charts) =>
            charts.ServeAsync(context, ImageFormat.Png));
        app.MapMethods("/online/chart.svg", HttpVerbs.Read, (HttpContext context, ChartImages charts) =>
            charts.ServeAsync(context, ImageFormat.Svg));
    }
}
