using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace Counter.Gateway.Streaming;

/// <summary>What keeps everything between us and the viewer from storing, holding back or changing frames.</summary>
internal static class ResponseHeaders
{
    /// <summary>For an endless answer.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="contentType">Its media type.</param>
    /// <param name="client">Who asked, where that decides how it is coded.</param>
    public static void ForStream(HttpResponse response, string contentType, ClientKind client = default)
    {
        ForStill(response, contentType);
        if (client.Profile == WireProfile.Gzip)
        {
            response.Headers.ContentEncoding = "gzip";
            if (HttpProtocol.IsHttp11(response.HttpContext.Request.Protocol))
            {
                // A connection that could be used again stays open for 5 s after one probe in 25: Chromium reads the rest of the answer first (measured).
                response.Headers.Connection = "close";
            }
        }

        // nginx holds answers back unless told not to; a proxy that compresses would hold them back as well.
        response.Headers["X-Accel-Buffering"] = "no";
        response.HttpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
    }

    /// <summary>Lets scripts of any site read the picture, as <c>crossorigin</c> and a canvas ask for: it tells nothing that <c>/online.json</c> does not.</summary>
    public static void AllowAnyOrigin(HttpResponse response) => response.Headers.AccessControlAllowOrigin = "*";

    /// <summary>For one picture or one number.</summary>
    public static void ForStill(HttpResponse response, string contentType)
    {
        response.ContentType = contentType;
        response.Headers.CacheControl = "no-store, no-transform";

        // What goes on is compressed for whoever gains by it.
        response.Headers.Append(HeaderNames.Vary, HeaderNames.AcceptEncoding);

        // Pages that isolate themselves (COEP) show only pictures that say they may be shown anywhere.
        response.Headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        if (contentType == "image/svg+xml")
        {
            // Opened on its own, an SVG is a document of this origin; this one has nothing to run.
            response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox";
        }
    }
}
