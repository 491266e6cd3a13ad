using Microsoft.AspNetCore.Http.Features;

namespace Counter.Gateway.Html;

/// <summary>Reads the form of a page.</summary>
internal static class Form
{
    /// <summary>Reads the fields. There are none when the body is not a form.</summary>
    /// <exception cref="BadHttpRequestException">The form cannot be read, or exceeds the limits.</exception>
    public static async Task<IFormCollection> ReadAsync(HttpContext context, int mostFields = 8, int mostBytes = 4096)
    {
        if (!context.Request.HasFormContentType)
        {
            return FormCollection.Empty;
        }

        try
        {
            context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = mostBytes;
            var limits = new FormOptions
            {
                ValueCountLimit = mostFields,
                KeyLengthLimit = mostBytes,
                ValueLengthLimit = mostBytes,
                MultipartBodyLengthLimit = mostBytes,
            };
            return await context.Request.ReadFormAsync(limits, context.RequestAborted);
        }
        catch (Exception e) when (e is InvalidDataException or NotSupportedException or IOException and not BadHttpRequestException)
        {
            // The parsers throw these for malformed or too much input, for the character set of a part, and for a body that ends inside a part.
            throw new BadHttpRequestException(
                $"The form cannot be read: {mostFields} fields and {mostBytes} bytes at most, in UTF-8, as application/x-www-form-urlencoded or multipart/form-data.", e);
        }
    }
}
