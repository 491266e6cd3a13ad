using Counter.Gateway.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Counter.Gateway.Admin;

/// <summary>The OpenAPI document. It is made once: that takes 50 to 200 ms, and a request for it needs no key.</summary>
/// <remarks>The framework's own endpoint makes it for each request, and writes the requested host into it.</remarks>
internal sealed class OpenApiDescription(IServiceProvider services)
{
    private readonly Lazy<Task<byte[]>> document = new(() => MakeAsync(services.GetRequiredKeyedService<IOpenApiDocumentProvider>("v1")));

    public static IEndpointConventionBuilder Map(IEndpointRouteBuilder app) => app
        .MapMethods("/openapi/v1.json", HttpVerbs.Read, async (OpenApiDescription description) => Results.Bytes(await description.document.Value, "application/json;charset=utf-8"))
        .ExcludeFromDescription();

    private static async Task<byte[]> MakeAsync(IOpenApiDocumentProvider provider)
    {
        var document = await provider.GetOpenApiDocumentAsync();
        using var json = new MemoryStream();
        await document.SerializeAsJsonAsync(json, OpenApiSpecVersion.OpenApi3_1);
        return json.ToArray();
    }
}
