using Counter.Gateway.Operations.Certificates;
using Counter.Gateway.Settings;
using Counter.Grains.Hosting;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Counter.Gateway.Operations;

/// <summary>How the web server is set up.</summary>
internal static class WebServer
{
    // A slow viewer skips to the newest frame only if old ones do not pile up in front of the socket.
    private const int ResponseBufferBytes = 4096;

    // A flush ends when the kernel has all of it: what is written past the server (ChunkSocket) then comes after it, and what is said of a broken
    // request is on its way before its connection is cut.
    private const int TransportBufferBytes = 1;

    // Everybody comes at once: after a restart, or when many open a page. The kernel takes less where net.core.somaxconn is less.
    private const int Backlog = 8192;

    private const string UsualUrl = "http://*:9192";

    // Kestrel's default, for an answer that is taken slowly.
    private const double BytesPerSecond = 240;

    private static readonly TimeSpan IdleConnection = TimeSpan.FromSeconds(30);

    /// <summary>Sets up Kestrel for many long answers. Endpoints and certificates are its own configuration.</summary>
    public static void AddServer(this WebApplicationBuilder builder)
    {
        var limits = builder.Services.AddSettings<LimitsOptions>(builder.Configuration, "Limits");
        var streaming = builder.Services.AddSettings<StreamingOptions>(builder.Configuration, "Streaming");
        builder.WebHost.UseSockets(sockets =>
        {
            sockets.CreateBoundListenSocket = ListenSocket.Bind;
            sockets.Backlog = Backlog;
            sockets.MaxWriteBufferSize = TransportBufferBytes;
        });
        if (!Says("urls") && !Says("http_ports") && !Says("https_ports") && !builder.Configuration.GetSection("Kestrel:Endpoints").GetChildren().Any())
        {
            builder.WebHost.UseUrls(UsualUrl);
        }

        builder.Services.AddSingleton(FileDescriptors.OfThisProcess());
        builder.Services.AddSingleton(services => MemoryLimit.OfThisProcess(services.GetRequiredService<TimeProvider>()));
        builder.Services.AddSingleton<AddressConnections>();
        builder.Services.AddSingleton<ConnectionLimit>();
        builder.Services.AddSingleton<UnreadResponses>();
        builder.Services.AddSingleton(new AddressConcurrency(Environment.ProcessorCount));

        // The last that is added is the one the server takes.
        builder.Services.AddSingleton<IConnectionListenerFactory>(services => new LimitedListeners(
            ActivatorUtilities.CreateInstance<SocketTransportFactory>(services), services.GetRequiredService<ConnectionLimit>()));
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.Services.AddHosted<CertificateRenewal>();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.ApplicationServices.GetRequiredService<CertificateRenewal>().Configure(kestrel);
            kestrel.ConfigureEndpointDefaults(static endpoint => endpoint.Use(static next => connection => next(new WatchedConnection(connection))));
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxResponseBufferSize = ResponseBufferBytes;
            kestrel.Limits.MaxRequestHeadersTotalSize = limits.HeaderBytes;
            kestrel.Limits.MaxRequestLineSize = limits.UrlBytes;
            kestrel.Limits.MaxRequestBodySize = 64 * 1024;

            kestrel.Limits.MaxConcurrentUpgradedConnections = limits.Streams;
            kestrel.Limits.KeepAliveTimeout = IdleConnection;

            // For what is no stream. Streams end sooner and alone (Streaming:WriteTimeoutSeconds), and of HTTP/2 this ends the whole connection.
            kestrel.Limits.MinResponseDataRate = new MinDataRate(BytesPerSecond, streaming.WriteTimeout + UnreadResponses.AfterStreams);
        });
        builder.AddTrustedProxies();
        builder.Services.AddCors();

        bool Says(string name) => !string.IsNullOrEmpty(builder.Configuration[name]);
    }

    /// <summary>Says which sites' scripts may read an answer, as endpoints ask for.</summary>
    /// <remarks>What the framework's <c>UseCors</c> does, but for an expression that it compiles at each start (docs/performance.md).</remarks>
    public static void UseCrossOrigin(this WebApplication app)
    {
        var policies = app.Services.GetRequiredService<ICorsPolicyProvider>();
        app.Use(next =>
        {
            var cors = new CorsMiddleware(next, app.Services.GetRequiredService<ICorsService>(), app.Services.GetRequiredService<ILoggerFactory>());
            return context => cors.Invoke(context, policies);
        });
    }

    /// <summary>Ends answers that clients do not take.</summary>
    public static void UseUnreadAnswers(this WebApplication app)
    {
        var unread = app.Services.GetRequiredService<UnreadResponses>();
        app.Use(next => context =>
        {
            var body = new ResponseBody(context.Features.GetRequiredFeature<IHttpResponseBodyFeature>(), context, unread);
            context.Features.Set<IHttpResponseBodyFeature>(body);
            return context.Features.Get<Http2SentFrames>() is { } frames ? body.RunAsync(next, frames) : next(context);
        });
    }

    /// <summary>Has the requests of different addresses take turns.</summary>
    public static void UseAddressTurns(this WebApplication app)
    {
        var turns = app.Services.GetRequiredService<AddressConcurrency>();
        app.Use(next => context => turns.RunAsync(context, next));
    }

    /// <summary>Has browsers take every answer for what its <c>Content-Type</c> says, whoever made what is in it.</summary>
    public static void UseNoSniff(this WebApplication app) => app.Use(next => context =>
    {
        NoSniff(context.Response);
        return next(context);
    });

    /// <summary>The same for an answer whose headers were cleared.</summary>
    public static void NoSniff(HttpResponse response) => response.Headers.XContentTypeOptions = "nosniff";

    /// <summary>
    /// Says with an answer that its connection ends, where a longer body comes than is taken and nothing has read it: the server cuts the
    /// connection when it meets the rest, and the client would ask the next thing of it.
    /// </summary>
    public static void UseCloseOfLongBodies(this WebApplication app) => app.Use((context, next) =>
    {
        if (context.Request.ContentLength > Limit(context))
        {
            context.Response.OnStarting(static state =>
            {
                var context = (HttpContext)state;
                if (HttpProtocol.IsHttp11(context.Request.Protocol) && context.Request.ContentLength > Limit(context))
                {
                    context.Response.Headers.Connection = "close";
                }

                return Task.CompletedTask;
            }, context);
        }

        return next(context);

        static long? Limit(HttpContext context) => context.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize;
    });
}
