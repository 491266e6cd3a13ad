using System.Net;
using Counter.Gateway.Settings;
using Counter.Grains.Hosting;
using Microsoft.AspNetCore.HttpOverrides;
using IPNetwork = System.Net.IPNetwork;

namespace Counter.Gateway.Operations;

/// <summary>Proxies in front of the gateway: which are trusted, and the path below which they serve it.</summary>
internal static class Proxies
{
    /// <summary>
    /// Applies <c>X-Forwarded-For</c>, <c>-Proto</c> and <c>-Prefix</c> of trusted proxies, and <c>-Host</c> when the settings allow it.
    /// Redirects in responses start at the root; this adds the path of the proxy.
    /// </summary>
    public static void UseProxies(this WebApplication app)
    {
        // The framework sets this header after it has read a trusted proxy's headers. Clients must not send it themselves.
        app.Use((context, next) =>
        {
            if (context.Request.Headers.ContainsKey(ForwardedHeadersDefaults.XOriginalForHeaderName))
            {
                context.Request.Headers.Remove(ForwardedHeadersDefaults.XOriginalForHeaderName);
            }

            return next(context);
        });
        var proxies = app.Services.GetRequiredService<Microsoft.Extensions.Options.IOptions<ProxiesOptions>>().Value;
        if (proxies.Trusted.Length > 0)
        {
            app.UseForwardedHeaders();
        }

        if (proxies.Trusted.Length > 0 || proxies.PathBase.Length > 0)
        {
            app.Use((context, next) => BelowPathAsync(context, next, proxies.PathBase));
        }
    }

    private static bool IsPath(string text) =>
        text is ['/', not '/', ..] and [.., not '/'] && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '-' or '_' or '.' or '~');

    private static Task BelowPathAsync(HttpContext context, RequestDelegate next, PathString pathBase)
    {
        var request = context.Request;
        if (!IsPath(request.PathBase.Value ?? ""))
        {
            // Proxies forward a prefix that the client sent.
            request.PathBase = pathBase;
        }

        if (!request.PathBase.HasValue)
        {
            return next(context);
        }

        if (request.Path.StartsWithSegments(request.PathBase, StringComparison.Ordinal, out var rest))
        {
            request.Path = rest.HasValue ? rest : "/";
        }

        context.Response.OnStarting(static state =>
        {
            var context = (HttpContext)state;
            if (context.Response.Headers.Location is [['/', not '/', ..] or "/"] and [{ } location])
            {
                context.Response.Headers.Location = context.Request.PathBase.ToUriComponent() + location;
            }

            return Task.CompletedTask;
        }, context);
        return next(context);
    }

    /// <summary>Reads the trusted proxies from the settings.</summary>
    /// <exception cref="SettingException">A setting has a value that is not allowed.</exception>
    public static void AddTrustedProxies(this WebApplicationBuilder builder)
    {
        var proxies = builder.Services.AddSettings<ProxiesOptions>(builder.Configuration, "Proxies");
        if (proxies.PathBase.Length > 0 && !IsPath(proxies.PathBase))
        {
            throw new SettingException($"Proxies:PathBase is '{proxies.PathBase}'; allowed is a path such as /counter, without a slash at its end.");
        }

        var networks = proxies.Trusted.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(text => TryNetwork(text, out var network)
                ? network
                : throw new SettingException($"Proxies:Trusted has '{text}'; allowed are addresses or networks such as 10.0.0.0/8, separated by commas."))
            .ToArray();
        builder.Services.Configure<ForwardedHeadersOptions>(forwarded =>
        {
            forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedPrefix
                | (proxies.ForwardedHost ? ForwardedHeaders.XForwardedHost : ForwardedHeaders.None);
            forwarded.ForwardLimit = null;
            forwarded.KnownProxies.Clear();
            forwarded.KnownIPNetworks.Clear();
            foreach (var network in networks)
            {
                forwarded.KnownIPNetworks.Add(network);
            }
        });
    }

    private static bool TryNetwork(string text, out IPNetwork network)
    {
        if (IPAddress.TryParse(text, out var address))
        {
            network = new IPNetwork(address, address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? 32 : 128);
            return true;
        }

        return IPNetwork.TryParse(text, out network);
    }
}
