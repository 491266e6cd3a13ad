
namespace Counter.Gateway.Http;

/// <summary>The methods of endpoints.</summary>
internal static class HttpVerbs
{
    /// <summary>Of what is read. HEAD is wherever GET is (RFC 9110, 9.1); the server leaves the body out.</summary>
    public static readonly string[] Read = [HttpMethods.Get, HttpMethods.Head];
}
