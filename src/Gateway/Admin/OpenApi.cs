using Counter.Gateway.Admin.Keys;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.OpenApi;

namespace Counter.Gateway.Admin;

/// <summary>The OpenAPI document at <c>/openapi/v1.json</c>: the admin API and polls.</summary>
internal static class OpenApi
{
    public static void AddDescription(this IServiceCollection services) => services.AddSingleton<OpenApiDescription>().AddOpenApi("v1", options =>
    {
        options.ShouldInclude = description =>
            description.ActionDescriptor.EndpointMetadata.OfType<ITagsMetadata>().Any() && description.HttpMethod != HttpMethods.Head;
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "Counter",
                Version = "v1",
                Description = "Read and manage a Counter installation, and show its polls. Errors are problem details (RFC 9457), or a page or picture where a browser asks for one.",
            };

            // Clients use the address from which they read the document.
            document.Servers = [];
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
            {
                [KeyAuthentication.SchemeName] = new OpenApiSecurityScheme
                {
                    Type = SecuritySchemeType.Http,
                    Scheme = "bearer",
                    Description = "A key: the operator's, or one for a site or channel.",
                },
            };
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            if (context.Description.ActionDescriptor.EndpointMetadata.OfType<IAuthorizeData>().FirstOrDefault() is { } access)
            {
                operation.Description = Needs(access.Policy);
                operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(KeyAuthentication.SchemeName, context.Document)] = [] }];
                operation.Responses ??= [];
                operation.Responses.TryAdd("401", new OpenApiResponse { Description = "The key is missing, unknown or expired." });
                operation.Responses.TryAdd("403", new OpenApiResponse { Description = "The key does not allow this request." });
                operation.Responses.TryAdd("429", new OpenApiResponse { Description = "Too many requests, or too many wrong keys." });
            }

            return Task.CompletedTask;
        });
    });

    private static string Needs(string? policy) => policy switch
    {
        AccessPolicies.ReadSite => "Needs a key that may read the site.",
        AccessPolicies.ManageSite => "Needs a key that may manage the site.",
        AccessPolicies.Publish => "Needs a key that may publish to the channel.",
        _ => "Needs an operator key.",
    };
}
