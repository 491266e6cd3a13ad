using Microsoft.Net.Http.Headers;

namespace Counter.Gateway.Http;

/// <summary>Refuses requests with text that no endpoint can read, before an endpoint reads it.</summary>
internal static class TextValidation
{
    private const string Utf8 = "utf-8";

    /// <summary>Refuses forms and JSON in a character set other than UTF-8, and NUL in a query, which no database stores.</summary>
    /// <remarks>The handler of a form checks its content. Live pictures bypass this; they take no body, and store nothing.</remarks>
    public static void UseReadableText(this WebApplication app) => app.Use(next => context =>
        Refuse(context.Request) is { } refusal ? refusal.ExecuteAsync(context) : next(context));

    private static IResult? Refuse(HttpRequest request)
    {
        if ((request.HasFormContentType || request.HasJsonContentType())
            && MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && type.Charset.HasValue
            && !HeaderUtilities.RemoveQuotes(type.Charset).Equals(Utf8, StringComparison.OrdinalIgnoreCase))
        {
            return Results.Problem("Send this in UTF-8, with charset=utf-8 or without a charset.", statusCode: StatusCodes.Status415UnsupportedMediaType);
        }

        return request.QueryString.Value?.Contains("%00", StringComparison.Ordinal) is true
            ? Problems.Invalid(request.Query.FirstOrDefault(HasNul).Key?.Replace("\0", "", StringComparison.Ordinal) ?? "query", "Text without the character NUL (%00).")
            : null;
    }

    private static bool HasNul(KeyValuePair<string, Microsoft.Extensions.Primitives.StringValues> parameter) =>
        parameter.Key.Contains('\0', StringComparison.Ordinal) || parameter.Value.Any(value => value?.Contains('\0', StringComparison.Ordinal) is true);
}
