namespace Counter.Gateway.Http;

/// <summary>Problem details and the request limit of all endpoints that serve no pictures.</summary>
internal static class HttpSetup
{
    /// <summary>Adds problem details (RFC 9457), and the request limit.</summary>
    public static void AddHttp(this IServiceCollection services)
    {
        services.AddProblemDetails(ProblemTypes.Complete);
        services.AddExceptionHandler<FailureHandler>();
        services.AddSingleton<RequestLimit>();
    }
}
