namespace Counter.Gateway.Http;

/// <summary>What holds for every answer that is no picture: problem details, and how often one may ask.</summary>
internal static class HttpSetup
{
    /// <summary>Adds problem details (RFC 9457), and the limit of requests.</summary>
    public static void AddHttp(this IServiceCollection services)
    {
        services.AddProblemDetails(ProblemTypes.Complete);
        services.AddExceptionHandler<FailureHandler>();
        services.AddSingleton<RequestLimit>();
    }
}
