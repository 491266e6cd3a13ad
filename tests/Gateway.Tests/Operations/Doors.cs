using System.Text.RegularExpressions;
using Counter.Gateway.Tests.Support;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Counter.Gateway.Tests.Operations;

/// <summary>Every endpoint that a gateway has, with something in its places.</summary>
internal static partial class Doors
{
    /// <summary>All of them; those that end sessions and take keys come last, so that the others are met signed in.</summary>
    public static IReadOnlyList<(string Method, string Path)> Of(RunningGateway gateway, string table) =>
    [
        .. gateway.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .SelectMany(e => Methods(e).Select(method => (method, Path: Place().Replace("/" + e.RoutePattern.RawText!.Trim('/'), place => Fill(place, table)))))
            .OrderBy(door => door.Path.Contains("/sign-", StringComparison.Ordinal)),
    ];

    private static IReadOnlyList<string> Methods(RouteEndpoint endpoint) => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET", "POST"];

    private static string Fill(Match place, string table) => place.Groups[1].Value switch
    {
        "site" => "example.com",
        "channel" => "cam",
        "documentName" => "v1",
        "format" => "svg",
        "id" when place.Result("$`").Contains("/play/", StringComparison.Ordinal) => table,
        "id" => "0123456789ab",
        "name" when place.Result("$`").Contains("/monitor/", StringComparison.Ordinal) => "cpu",
        _ => "tea",
    };

    [GeneratedRegex(@"\{\*{0,2}(\w+)[^}]*\}")]
    private static partial Regex Place();
}
