using System.Diagnostics.CodeAnalysis;

namespace Counter.Grains.Hosting;

/// <summary>Addresses to listen at, as the web server reads them, but for the port: what is no number would be part of the name, and the port 80.</summary>
internal static class ListenAddress
{
    /// <summary>Reads one; a host of <c>*</c> or <c>+</c>, which is every address of the machine, is read as <c>localhost</c>.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out Uri? address) =>
        Uri.TryCreate(
            text.Replace("//*", "//localhost", StringComparison.Ordinal).Replace("//+", "//localhost", StringComparison.Ordinal), UriKind.Absolute, out address)
        && address.Scheme is "http" or "https";
}
