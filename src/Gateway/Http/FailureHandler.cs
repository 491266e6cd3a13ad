using System.Text.Json;
using Counter.Counting.Cluster;
using Counter.Gateway.Operations;
using Microsoft.AspNetCore.Diagnostics;

namespace Counter.Gateway.Http;

/// <summary>Says in a sentence what went wrong with a request that an endpoint could not answer.</summary>
internal sealed partial class FailureHandler(ILogger<FailureHandler> log) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken cancellationToken)
    {
        var answer = exception switch
        {
            BadHttpRequestException { InnerException: JsonException json } => Problems.Invalid(
                json.Path?.TrimStart('$', '.') is { Length: > 0 } field ? field : "body",
                "This is not what is expected here; /openapi/v1.json says what is."),
            BadHttpRequestException bad => Results.Problem(bad.Message, statusCode: bad.StatusCode),
            ClusterUnavailableException => Results.Problem(
                "The database does not answer. Streams go on; try this again in a few seconds.", statusCode: StatusCodes.Status503ServiceUnavailable),
            IOException => Results.Problem(
                "This could not be stored, and nothing was changed. Try again; the log of the gateway says more.",
                statusCode: StatusCodes.Status503ServiceUnavailable),
            _ => Results.Problem("Something went wrong here. The log of the gateway says more.", statusCode: StatusCodes.Status500InternalServerError),
        };
        if (exception is not (BadHttpRequestException or ClusterUnavailableException))
        {
            LogFailed(exception);
        }

        // The headers of the answer that failed are gone.
        WebServer.NoSniff(context.Response);
        await answer.ExecuteAsync(context);
        return true;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A request could not be answered.")]
    private partial void LogFailed(Exception exception);
}
