using System.Text.Json;
using Counter.Counting.Cluster;
using Counter.Gateway.Operations;
using Microsoft.AspNetCore.Diagnostics;

namespace Counter.Gateway.Http;

/// <summary>Answers requests whose endpoint failed, with a sentence about the failure.</summary>
internal sealed partial class FailureHandler(ILogger<FailureHandler> log) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken cancellationToken)
    {
        var answer = exception switch
        {
            BadHttpRequestException { InnerException: JsonException json } when FieldOf(json) is { Length: > 0 } field =>
                Problems.Invalid(field, "This value is not allowed, or there is no such field; /openapi/v1.json describes what is allowed."),
            BadHttpRequestException { InnerException: JsonException } =>
                Problems.Invalid("body", "This is not the JSON that this address accepts; /openapi/v1.json describes it."),

            // No body, or null. The framework's own sentence is for whoever wrote the endpoint.
            BadHttpRequestException none when none.Message.StartsWith("Implicit body inferred", StringComparison.Ordinal) =>
                Problems.Invalid("body", "Send a body of JSON; /openapi/v1.json describes it."),
            BadHttpRequestException bad => Results.Problem(bad.Message, statusCode: bad.StatusCode),
            ClusterUnavailableException => Results.Problem(
                "The database does not answer. Streams continue; try again in a few seconds.", statusCode: StatusCodes.Status503ServiceUnavailable),
            IOException => Results.Problem(
                "This could not be stored, and nothing was changed. Try again; the log of the gateway has the reason.",
                statusCode: StatusCodes.Status503ServiceUnavailable),
            _ => Results.Problem("The request failed. The log of the gateway has the reason.", statusCode: StatusCodes.Status500InternalServerError),
        };
        if (exception is not (BadHttpRequestException or ClusterUnavailableException))
        {
            LogFailed(exception);
        }

        // The failed response has lost its headers.
        WebServer.NoSniff(context.Response);
        await answer.ExecuteAsync(context);
        return true;
    }

    private static string FieldOf(JsonException json) => json.Path?.TrimStart('$', '.') ?? "";

    [LoggerMessage(Level = LogLevel.Error, Message = "A request failed.")]
    private partial void LogFailed(Exception exception);
}
