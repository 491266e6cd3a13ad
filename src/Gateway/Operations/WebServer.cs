using Counter.Gateway.Operations.Certificates;
using Counter.Gateway.Settings;
using Counter.Grains.Hosting;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Counter.Gateway.Operations;

/// <summary>Configures the web server.</summary>
internal static class WebServer
{
    // A slow viewer skips to the newest frame only if old frames do not queue up before the socket.
    private const int ResponseBufferBytes = 4096;

    // Many clients connect at once after a restart, or when many open a page. The kernel caps this at net.core.somaxconn.
    private const int Backlog = 8192;

    private const string UsualUrl = "http://*:9192";

    // Kestrel's default, for a response that is taken slowly.
    private const double BytesPerSecond = 240;

    private static readonly TimeSpan IdleConnection = TimeSpan.FromSeconds(30);

    /// <summary>Configures Kestrel for many long responses. Endpoints and certificates come from Kestrel's own settings.</summary>
    public static void AddServer(this WebApplicationBuilder builder)
    {
        var limits = builder.Services.AddSettings<LimitsOptions>(builder.Configuration, "Limits");
        var streaming = builder.Services.AddSettings<StreamingOptions>(builder.Configuration, "Streaming");
        builder.WebHost.UseSockets(sockets =>
        {
            sockets.CreateBoundListenSocket = ListenSocket.Bind;
            sockets.Backlog = Backlog;
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

        // The server uses the last one that is added.
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

            // For responses that are no streams. Streams end sooner and one by one (Streaming:WriteTimeoutSeconds). Over HTTP/2 this limit ends
            // the whole connection.
            kestrel.Limits.MinResponseDataRate = new MinDataRate(BytesPerSecond, streaming.WriteTimeout + UnreadResponses.AfterStreams);
        });
        builder.AddTrustedProxies();
        builder.Services.AddCors();

        bool Says(string name) => !string.IsNullOrEmpty(builder.Configuration[name]);
    }

    /// <summary>Applies the CORS policies of endpoints.</summary>
    /// <remarks>The same as the framework's <c>UseCors</c>, without an expression that it compiles at each start (docs/performance.md).</remarks>
    public static void UseCrossOrigin(this WebApplication app)
    {
        var policies = app.Services.GetRequiredService<ICorsPolicyProvider>();
        app.Use(next =>
        {
            var cors = new CorsMiddleware(next, app.Services.GetRequiredService<ICorsService>(), app.Services.GetRequiredService<ILoggerFactory>());
            return context => cors.Invoke(context, policies);
        });
    }

    /// <summary>Aborts responses that clients do not take.</summary>
    public static void UseUnreadAnswers(this WebApplication app)
    {
        var unread = app.Services.GetRequiredService<UnreadResponses>();
        app.Use(next => context =>
        {
            var body = new ResponseBody(context.Features.GetRequiredFeature<IHttpResponseBodyFeature>(), context, unread);
            context.Features.Set<IHttpResponseBodyFeature>(body);
            return context.Features.Get<Http2Output>() is { } frames ? body.RunAsync(next, frames) : next(context);
        });
    }

    /// <summary>Runs the requests of different addresses in turns.</summary>
    public static void UseAddressTurns(this WebApplication app)
    {
        var turns = app.Services.GetRequiredService<AddressConcurrency>();
        app.Use(next => context => turns.RunAsync(context, next));
    }

    /// <summary>Makes browsers use the <c>Content-Type</c> of every response and not sniff its content.</summary>
    public static void UseNoSniff(this WebApplication app) => app.Use(next => context =>
    {
        NoSniff(context.Response);
        return next(context);
    });

    /// <summary>The same for a response whose headers were cleared.</summary>
    public static void NoSniff(HttpResponse response) => response.Headers.XContentTypeOptions = "nosniff";

    /// <summary>
    /// Closes the connection after the response when an unread request body is over the limit. The server cuts the connection when it reaches
    /// the rest of the body, and the client would send its next request on it.
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
