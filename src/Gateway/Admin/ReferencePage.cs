using System.IO.Compression;
using System.Net.Mime;
using Counter.Gateway.Admin.Pages;
using Counter.Gateway.Html;
using Counter.Gateway.Http;
using Counter.Gateway.Visitors;
using Scalar.AspNetCore;

namespace Counter.Gateway.Admin;

/// <summary>
/// A page to read and try the API, at <c>/docs/api</c>. This server has its own copy of Scalar, so the page contacts no other server.
/// </summary>
/// <remarks>
/// The endpoints of Scalar's package do not answer HEAD, and their page has scripts that a Content-Security-Policy cannot name in advance.
/// So only the script comes from the package, which contains it compressed.
/// </remarks>
internal static class ReferencePage
{
    private const string Address = "/docs/api";
    private const string ScriptOfPackage = "ScalarStaticAssets.scalar.js";

    /// <summary>Starts Scalar.</summary>
    public static readonly Asset Script = Asset.Script("reference.js");

    /// <summary>Scalar writes styles while it runs. Scripts are Scalar's and ours, and calls go to this server only.</summary>
    private static readonly PagePolicy Policy = new(
        $"default-src 'none'; img-src 'self' data:; connect-src 'self'; style-src 'unsafe-inline'; "
        + $"script-src 'self' {Script.Source}; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
        "same-origin");

    public static void MapReference(this IEndpointRouteBuilder app)
    {
        app.MapMethods(Address, HttpVerbs.Read, (HttpContext context, PageRenderer pages) => pages.SendAsync<Reference>(context, Policy, []))
            .ExcludeFromDescription();
        app.MapMethods(Address + "/scalar.js", HttpVerbs.Read, SendScript).ExcludeFromDescription().WithMetadata(new RequestLimit.Limited());
    }

    private static IResult SendScript(HttpContext context)
    {
        var compressed = typeof(ScalarOptions).Assembly.GetManifestResourceStream(ScriptOfPackage)!;
        var headers = context.Response.Headers;
        headers.CacheControl = "max-age=86400";
        headers.Vary = "Accept-Encoding";
        if (!Client.AcceptsGzip(context.Request))
        {
            return Results.Stream(new GZipStream(compressed, CompressionMode.Decompress), MediaTypeNames.Text.JavaScript);
        }

        headers.ContentEncoding = "gzip";
        return Results.Stream(compressed, MediaTypeNames.Text.JavaScript);
    }
}
