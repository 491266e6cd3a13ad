using System.Diagnostics.CodeAnalysis;

namespace Counter.Grains.Hosting;

/// <summary>Parses addresses to listen on.</summary>
/// <remarks>
/// Parses as the server does, except for the port: the server takes a port that is no number as part of the name, and listens on port 80.
/// </remarks>
internal static class ListenAddress
{
    /// <summary>Parses an address. The hosts <c>*</c> and <c>+</c>, which mean every address of the machine, become <c>localhost</c>.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out Uri? address) =>
        Uri.TryCreate(
            text.Replace("//*", "//localhost", StringComparison.Ordinal).Replace("//+", "//localhost", StringComparison.Ordinal), UriKind.Absolute, out address)
        && address.Scheme is "http" or "https";
}
