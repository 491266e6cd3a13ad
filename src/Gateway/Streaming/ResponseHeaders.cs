using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace Counter.Gateway.Streaming;

/// <summary>The headers that keep caches and proxies from storing, buffering or changing frames.</summary>
internal static class ResponseHeaders
{
    /// <summary>Sets the headers of an endless response.</summary>
    /// <param name="response">The response.</param>
    /// <param name="contentType">Its media type.</param>
    /// <param name="client">The client. Its profile decides the encoding.</param>
    public static void ForStream(HttpResponse response, string contentType, ClientKind client = default)
    {
        ForStill(response, contentType);
        if (client.Profile == WireProfile.Gzip)
        {
            response.Headers.ContentEncoding = "gzip";
            if (HttpProtocol.IsHttp11(response.HttpContext.Request.Protocol))
            {
                // A reusable connection stays open for 5 s after one probe in 25, because Chromium reads the rest of the response first
                // (measured).
                response.Headers.Connection = "close";
            }
        }

        // nginx buffers responses by default. A proxy that compresses would buffer them as well.
        response.Headers["X-Accel-Buffering"] = "no";
        response.HttpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
    }

    /// <summary>
    /// Lets scripts of any origin read the picture, as <c>crossorigin</c> and a canvas need. It has nothing that <c>/online.json</c> does not
    /// have.
    /// </summary>
    public static void AllowAnyOrigin(HttpResponse response) => response.Headers.AccessControlAllowOrigin = "*";

    /// <summary>Sets the headers of one picture or one number.</summary>
    public static void ForStill(HttpResponse response, string contentType)
    {
        response.ContentType = contentType;
        response.Headers.CacheControl = "no-store, no-transform";

        // Streams are compressed for clients that benefit.
        response.Headers.Append(HeaderNames.Vary, HeaderNames.AcceptEncoding);

        // Isolated pages (COEP) show only pictures with this header.
        response.Headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        if (contentType == "image/svg+xml")
        {
            // An SVG opened on its own is a document of this origin. This one has nothing to run.
            response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox";
        }
    }
}
