using Counter.Gateway.Frames;

namespace Counter.Gateway.Streaming;

/// <summary>The pictures: <c>/online.png</c>, <c>/online.svg</c>, <c>/online.jpg</c>, and stills of any number to try looks with.</summary>
internal static class OnlineEndpoints
{
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    private static readonly (string Extension, ImageFormat Format)[] Formats =
        [("png", ImageFormat.Png), ("svg", ImageFormat.Svg), ("jpg", ImageFormat.Jpeg)];

    /// <summary>Maps a live picture and a preview for every format.</summary>
    public static void MapOnline(this IEndpointRouteBuilder app)
    {
        foreach (var (extension, format) in Formats)
        {
            app.MapMethods("/online." + extension, Methods, (HttpContext context, OnlineImages images) =>
                images.ServeAsync(context, format));
            app.MapMethods("/preview." + extension, Methods, (HttpContext context, OnlineImages images) =>
                images.PreviewAsync(context, format));
        }
    }
}
