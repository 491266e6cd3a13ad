using Microsoft.AspNetCore.Http.Features;

namespace Counter.Gateway.Html;

/// <summary>Reads a form of a page: a few short fields.</summary>
internal static class Form
{
    private const int MostFields = 8;
    private const int MostBytes = 4096;

    private static readonly FormOptions Limits = new()
    {
        ValueCountLimit = MostFields,
        KeyLengthLimit = MostBytes,
        ValueLengthLimit = MostBytes,
        MultipartBodyLengthLimit = MostBytes,
    };

    /// <summary>Reads the fields; none where the body is no form.</summary>
    /// <exception cref="BadHttpRequestException">It cannot be read, or has more than a form of ours can have.</exception>
    public static async Task<IFormCollection> ReadAsync(HttpContext context)
    {
        if (!context.Request.HasFormContentType)
        {
            return FormCollection.Empty;
        }

        try
        {
            context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = MostBytes;
            return await context.Request.ReadFormAsync(Limits, context.RequestAborted);
        }
        catch (Exception e) when (e is InvalidDataException or NotSupportedException or IOException and not BadHttpRequestException)
        {
            // What the parsers throw: at what is malformed or too much, at the character set of a part, and at a body that ends inside a part.
            throw new BadHttpRequestException(
                $"The form cannot be read: {MostFields} fields and {MostBytes} bytes at most, in UTF-8, as application/x-www-form-urlencoded or multipart/form-data.", e);
        }
    }
}
