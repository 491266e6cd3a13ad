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

    /// <summary>Reads the fields. There are none when the body is not a form.</summary>
    /// <exception cref="BadHttpRequestException">The form cannot be read, or exceeds the limits.</exception>
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
            // The parsers throw these for malformed or too much input, for the character set of a part, and for a body that ends inside a part.
            throw new BadHttpRequestException(
                $"The form cannot be read: {MostFields} fields and {MostBytes} bytes at most, in UTF-8, as application/x-www-form-urlencoded or multipart/form-data.", e);
        }
    }
}
