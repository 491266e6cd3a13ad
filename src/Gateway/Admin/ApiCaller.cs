using Counter.Gateway.Admin.Keys;
using Counter.Gateway.Documents;
using Counter.Gateway.Http;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Features;

namespace Counter.Gateway.Admin;

/// <summary>Calls endpoints of the admin API in this process, for pages: with the same authorisation, validation and audit entries.</summary>
internal sealed class ApiCaller(
    EndpointDataSource endpoints, IAuthorizationService authorization, IAuthorizationPolicyProvider policies, IExceptionHandler failures)
{
    private const string Base = "/api/v1";

    /// <summary>Calls an endpoint.</summary>
    /// <param name="outer">The request for the page.</param>
    /// <param name="who">The holder of the key in whose name it is called.</param>
    /// <param name="call">The call.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<ApiAnswer> CallAsync(HttpContext outer, KeyHolder who, ApiCall call, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        var endpoint = Find(call);
        var inner = new DefaultHttpContext
        {
            RequestServices = outer.RequestServices,
            RequestAborted = cancellationToken,
            User = KeyAuthentication.Principal(who, KeyAuthentication.SchemeName),
        };
        inner.SetEndpoint(endpoint);
        inner.Features.Set<IHttpRequestBodyDetectionFeature>(new BodyDetection(call.Body is not null));
        call.WriteTo(inner.Request);
        inner.Response.Body = body;

        var policy = await AuthorizationPolicy.CombineAsync(policies, endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>())
            ?? throw new InvalidOperationException($"{call.Pattern} has no access policy.");
        if ((await authorization.AuthorizeAsync(inner.User, inner, policy)).Succeeded)
        {
            await RunAsync(endpoint, inner);
        }
        else
        {
            await Problems.Forbidden(KeyAuthentication.NotForThis).ExecuteAsync(inner);
        }

        // The framework ends a cancelled response without an exception, wherever it is.
        cancellationToken.ThrowIfCancellationRequested();
        return new ApiAnswer(inner.Response.StatusCode, inner.Response.ContentType, body.ToArray(), inner.Response.Headers.ETag);
    }

    private RouteEndpoint Find(ApiCall call) => endpoints.Endpoints.OfType<RouteEndpoint>().First(endpoint =>
        endpoint.RoutePattern.RawText?.TrimEnd('/') == Base + call.Pattern
        && endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains(call.Method) is true);

    private async Task RunAsync(RouteEndpoint endpoint, HttpContext inner)
    {
        try
        {
            await endpoint.RequestDelegate!(inner);
        }
        catch (BadHttpRequestException e)
        {
            await failures.TryHandleAsync(inner, e, inner.RequestAborted);
        }
    }

    private sealed record BodyDetection(bool CanHaveBody) : IHttpRequestBodyDetectionFeature;
}
