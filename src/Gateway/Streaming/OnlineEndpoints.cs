using Counter.Gateway.Frames;
using Counter.Gateway.Http;

namespace Counter.Gateway.Streaming;

/// <summary>
/// The pictures <c>/online.png</c>, <c>/online.svg</c>, <c>/online.jpg</c> and <c>/online.webp</c>, and previews of their styles with any
/// number.
/// </summary>
internal static class OnlineEndpoints
{
    private static readonly (string Extension, ImageFormat Format)[] Formats =
        [("png", ImageFormat.Png), ("svg", ImageFormat.Svg), ("jpg", ImageFormat.Jpeg), ("webp", ImageFormat.WebP)];

    /// <summary>Maps a live picture and a preview for every format.</summary>
    /// <remarks>
    /// A stream short-circuits everything after routing and resolves no services: state that waits there would stay in memory for as long as the
    /// stream is open. An unexpected error is then a bare 500, which the server logs. Clients that request a picture read nothing else.
    /// </remarks>
    public static void MapOnline(this IEndpointRouteBuilder app)
    {
        var images = app.ServiceProvider.GetRequiredService<OnlineHandler>();
        foreach (var (extension, format) in Formats)
        {
            app.MapMethods("/online." + extension, HttpVerbs.Read, context => images.ServeAsync(context, format)).ShortCircuit();
            app.MapMethods("/preview." + extension, HttpVerbs.Read, context => images.PreviewAsync(context, format));
        }
    }
}
