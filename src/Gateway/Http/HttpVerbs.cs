
namespace Counter.Gateway.Http;

/// <summary>The HTTP methods of endpoints.</summary>
internal static class HttpVerbs
{
    /// <summary>The methods of reading endpoints. HEAD is allowed wherever GET is (RFC 9110, 9.1). The server omits the body.</summary>
    public static readonly string[] Read = [HttpMethods.Get, HttpMethods.Head];
}
