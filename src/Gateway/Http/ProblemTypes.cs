
namespace Counter.Gateway.Http;

/// <summary>Completes problem details (RFC 9457) where the framework leaves fields out.</summary>
internal static class ProblemTypes
{
    /// <summary>Adds the type and title of statuses outside RFC 9110, and a sentence where there is none.</summary>
    public static void Complete(ProblemDetailsOptions options) => options.CustomizeProblemDetails = context =>
    {
        var problem = context.ProblemDetails;
        (problem.Type, problem.Title) = problem.Status switch
        {
            StatusCodes.Status428PreconditionRequired => ("https://tools.ietf.org/html/rfc6585#section-3", "Precondition Required"),
            StatusCodes.Status429TooManyRequests => ("https://tools.ietf.org/html/rfc6585#section-4", "Too Many Requests"),
            StatusCodes.Status431RequestHeaderFieldsTooLarge => ("https://tools.ietf.org/html/rfc6585#section-5", "Request Header Fields Too Large"),
            _ => (problem.Type, problem.Title),
        };
        problem.Detail ??= problem.Status switch
        {
            StatusCodes.Status405MethodNotAllowed => "This address does not accept that method; the Allow header lists those that it accepts.",
            StatusCodes.Status413PayloadTooLarge => "The body is larger than this address accepts. Send a smaller one.",
            StatusCodes.Status415UnsupportedMediaType => "This address accepts another kind of body: application/json for the API, a form for a vote, a picture for a relay.",
            _ => null,
        };
    };
}
