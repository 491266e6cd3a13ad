
namespace Counter.Gateway.Http;

/// <summary>Completes problem details (RFC 9457) where the framework leaves something out.</summary>
internal static class ProblemTypes
{
    /// <summary>Adds the type and title of statuses that are not in RFC 9110, and a sentence where there is none.</summary>
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
            StatusCodes.Status405MethodNotAllowed => "This address does not take that method; the header Allow has those that it takes.",
            StatusCodes.Status415UnsupportedMediaType => "This address takes another kind of body: application/json for the API, a form for a vote, a picture for a relay.",
            _ => null,
        };
    };
}
