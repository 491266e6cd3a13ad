using System.Text.Json;
using System.Text.Json.Nodes;

namespace Counter.Gateway.Admin;

/// <summary>A call of the admin API by a page.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Pattern">The route below <c>/api/v1</c>, as <c>/sites/{site}/keys</c>.</param>
/// <param name="Values">The values of the route.</param>
internal sealed record ApiCall(string Method, string Pattern, RouteValueDictionary Values)
{
    public QueryString Query { get; init; }

    public JsonObject? Body { get; init; }

    /// <summary>The version that a change applies to; empty for what does not exist yet; null for any version.</summary>
    public string? Version { get; init; }

    /// <summary>Writes the call into a request.</summary>
    public void WriteTo(HttpRequest request)
    {
        (request.Method, request.QueryString, request.RouteValues) = (Method, Query, Values);
        if (Version?.Length > 0)
        {
            request.Headers.IfMatch = Version;
        }
        else if (Version is not null)
        {
            request.Headers.IfNoneMatch = "*";
        }

        if (Body is not null)
        {
            var json = JsonSerializer.SerializeToUtf8Bytes(Body);
            (request.Body, request.ContentType, request.ContentLength) = (new MemoryStream(json), "application/json", json.Length);
        }
    }
}
