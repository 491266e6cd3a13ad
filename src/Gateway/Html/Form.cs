using Microsoft.AspNetCore.Http.Features;

namespace Counter.Gateway.Html;

/// <summary>Reads the form of a page.</summary>
internal static class Form
{
    /// <summary>Reads the fields; none where the body is no form.</summary>
    /// <exception cref="BadHttpRequestException">It cannot be read, or has more than a form of ours can have.</exception>
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
            // What the parsers throw: at what is malformed or too much, at the character set of a part, and at a body that ends inside a part.
            throw new BadHttpRequestException(
                $"The form cannot be read: {mostFields} fields and {mostBytes} bytes at most, in UTF-8, as application/x-www-form-urlencoded or multipart/form-data.", e);
        }
    }
}
