using System.Text;
using System.Text.RegularExpressions;
using Counter.Gateway.Http;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace Counter.Gateway.Html;

/// <summary>Renders a component as a whole page. Razor encodes every value of the page. The policy says what the page may do.</summary>
internal sealed partial class PageRenderer(IServiceProvider services, ILoggerFactory logs)
{
    /// <summary>Sends the page with the current status of the response.</summary>
    public async Task SendAsync<TPage>(HttpContext context, PagePolicy policy, Dictionary<string, object?> parameters)
        where TPage : IComponent
    {
        await using var renderer = new HtmlRenderer(services, logs);
        string html = await renderer.Dispatcher.InvokeAsync(async () =>
            (await renderer.RenderComponentAsync<CascadingValue<PageCard>>(WithCard<TPage>(context, parameters))).ToHtmlString());
        if (context.Request.PathBase is { HasValue: true } below)
        {
            // Pages have addresses that start at the root. This adds the path base.
            html = OwnAddresses().Replace(html, below.ToUriComponent() + "/");
        }

        byte[] body = Encoding.UTF8.GetBytes(html);

        var response = context.Response;
        response.ContentType = "text/html; charset=utf-8";
        response.ContentLength = body.Length;
        response.Headers.ContentSecurityPolicy = policy.Content;
        response.Headers["Referrer-Policy"] = policy.Referrer;
        response.Headers.CacheControl = policy.Caching;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await response.Body.WriteAsync(body, context.RequestAborted);
        }
    }

    private static ParameterView WithCard<TPage>(HttpContext context, Dictionary<string, object?> parameters)
        where TPage : IComponent => ParameterView.FromDictionary(new Dictionary<string, object?>
        {
            [nameof(CascadingValue<>.Value)] = new PageCard(BaseAddress.Of(context.Request)),
            [nameof(CascadingValue<>.IsFixed)] = true,
            [nameof(CascadingValue<>.ChildContent)] = (RenderFragment)(page =>
            {
                page.OpenComponent<TPage>(0);
                page.AddMultipleAttributes(1, parameters!);
                page.CloseComponent();
            }),
        });

    // Matches attributes only: in text, quotation marks are written as &quot;.
    [GeneratedRegex("""(?<= ((href|src|srcset|action|to|data-picture|data-stream)="|content="\d+; url=))/(?!/)""", RegexOptions.ExplicitCapture)]
    private static partial Regex OwnAddresses();
}
