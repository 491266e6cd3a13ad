using System.Globalization;
using System.Text;
using Counter.Counting.Pages;
using Counter.Gateway.Embedding.Pages;
using Counter.Gateway.Frames;
using Counter.Gateway.Html;
using Counter.Gateway.Http;
using Counter.Gateway.Settings;
using Counter.Gateway.Streaming;
using Counter.Gateway.Visitors;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace Counter.Gateway.Embedding;

/// <summary>The pages that people open or embed: the start page with its builder, the frame that reconnects by itself, and "not found".</summary>
internal static class EmbeddingEndpoints
{
    // A crawler that renders pages may load their resources. Endless responses and pages for one person must not be indexed. Stills may be fetched:
    // pages name theirs for previews of their address.
    private const string Robots = """
        User-agent: *
        Disallow: /api/
        Disallow: /embed
        Disallow: /monitor
        Disallow: /online
        Allow: /online.png?*live=0
        Disallow: /preview
        Disallow: /relay/

        """;

    private const int LeastRefresh = 5;
    private const int UsualRefresh = 60;
    private const int MostRefresh = 3600;

    public static void AddEmbedding(this IServiceCollection services) => services.AddScoped<PageRenderer>();

    /// <summary>
    /// Adds a body to errors that have none: "not found", a wrong method, a wrong content type. This is not an endpoint for all other
    /// addresses, since that would also answer requests with a wrong method or content type.
    /// </summary>
    public static void UseStatusPages(this WebApplication app) => app.UseStatusCodePages(context =>
        context.HttpContext.Response.StatusCode == StatusCodes.Status404NotFound
            ? SendNotFoundAsync(context.HttpContext, context.HttpContext.RequestServices.GetRequiredService<PageRenderer>())
            : Results.Problem(statusCode: context.HttpContext.Response.StatusCode).ExecuteAsync(context.HttpContext));

    public static void MapEmbedding(this IEndpointRouteBuilder app)
    {
        app.MapMethods("/", HttpVerbs.Read, ShowHomeAsync);
        app.MapMethods("/index.html", HttpVerbs.Read, ShowHomeAsync);
        app.MapMethods("/embed", HttpVerbs.Read, ShowEmbedAsync);
        app.MapMethods("/icon.svg", HttpVerbs.Read, (HttpContext context) =>
        {
            context.Response.Headers.CacheControl = "max-age=86400";
            return Results.Text(Asset.Icon, "image/svg+xml");
        });
        app.MapMethods("/favicon.ico", HttpVerbs.Read, (HttpContext context) =>
        {
            // Clients that request this address by default accept any picture. The pages name the other address.
            context.Response.Headers.CacheControl = "max-age=86400";
            return Results.Text(Asset.Icon, "image/svg+xml");
        });
        app.MapMethods("/robots.txt", HttpVerbs.Read, () => Results.Text(Robots, "text/plain; charset=utf-8"));
        app.MapMethods("/count.js", HttpVerbs.Read, SendCountScript);
    }

    private static IResult SendCountScript(HttpContext context)
    {
        // For any page: also one that checks the hash (crossorigin), or is isolated (COEP).
        ResponseHeaders.AllowAnyOrigin(context.Response);
        context.Response.Headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        context.Response.Headers.CacheControl = "public, max-age=3600";
        var script = EmbeddingPages.CountScript;
        return Results.Bytes(Encoding.UTF8.GetBytes(script.Text), "text/javascript; charset=utf-8", entityTag: new EntityTagHeaderValue($"\"{script.Hash}\""));
    }

    private static async Task ShowHomeAsync(HttpContext context, PageRenderer pages, FrameCache frames, DrawingQueue drawings, IgnoredBrowsers ignored)
    {
        if (IgnorePage.IsMeant(context.Request))
        {
            await IgnorePage.SendAsync(context, pages, ignored);
            return;
        }

        if (await ReadFormAsync(context, frames, drawings) is not ({ } form, { } shown))
        {
            return;
        }

        var snippets = new Snippets(BaseAddress.Of(context.Request), shown, FrameBox.For(shown, frames));
        await pages.SendAsync<Home>(
            context,
            EmbeddingPages.Home,
            new Dictionary<string, object?>
            {
                [nameof(Home.Form)] = form,
                [nameof(Home.Shown)] = shown,
                [nameof(Home.Snippets)] = snippets,
            });
    }

    private static async Task ShowEmbedAsync(
        HttpContext context, PageRenderer pages, FrameCache frames, DrawingQueue drawings, RefererProof proof, IOptions<LimitsOptions> options)
    {
        var request = context.Request;
        if (await ReadFormAsync(context, frames, drawings) is not ({ } form, _))
        {
            return;
        }

        // The picture's own Referer would be this page, so its address names the page around the frame. When that page is unknown, the address names
        // none, and the picture explains how to embed it.
        var limits = new PageLimits(options.Value.SiteLength, options.Value.KeyLength);
        if (PageAddress.TryDerive(request.Headers.Referer, form["site"], form["page"], limits, out var page, out _))
        {
            form = form.With(("site", page.Site), ("page", page.Path));
        }

        var passed = page.Site is { } site ? proof.Pass(request, site) : null;

        // Across sites a browser sends only the origin, so the answer depends on what it sends. What reconnects the picture depends on the browser
        // engine.
        context.Response.Headers.Vary = "Referer, User-Agent";
        await pages.SendAsync<Embed>(context, EmbeddingPages.Embed, new Dictionary<string, object?>
        {
            [nameof(Embed.Form)] = form,
            [nameof(Embed.Proof)] = passed ?? "",
            [nameof(Embed.Refresh)] = RefreshOf(request),
            [nameof(Embed.HasClock)] = Client.IsChromium(request),
        });
    }

    /// <summary>
    /// Reads the fields, and the same without the invalid ones. A style that was not requested lately is measured in the queue for drawing.
    /// </summary>
    /// <returns>Null when the response was sent.</returns>
    private static async ValueTask<Tuple<BuilderForm, BuilderForm>?> ReadFormAsync(HttpContext context, FrameCache frames, DrawingQueue drawings)
    {
        var query = context.Request.Query;
        return BuilderForm.IsMeasured(query, frames) ? Read() : await drawings.DrawAsync(context, Read);

        Tuple<BuilderForm, BuilderForm> Read()
        {
            var form = BuilderForm.Read(query, frames);
            var shown = form.WithoutErrors(query, frames);
            return Tuple.Create(form, shown);
        }
    }

    /// <summary>How often the frame opens its stream again without script, in seconds. Other values are brought into range.</summary>
    private static int RefreshOf(HttpRequest request) =>
        int.TryParse(request.Query["refresh"], NumberStyles.None, CultureInfo.InvariantCulture, out int seconds)
            ? Math.Clamp(seconds, LeastRefresh, MostRefresh)
            : UsualRefresh;

    private static Task SendNotFoundAsync(HttpContext context, PageRenderer pages)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Client.WantsPage(context.Request)
            ? pages.SendAsync<NotFound>(context, EmbeddingPages.NotFound, [])
            : Results.Problem("There is nothing at this address. Start at /.", statusCode: StatusCodes.Status404NotFound)
                .ExecuteAsync(context);
    }
}
