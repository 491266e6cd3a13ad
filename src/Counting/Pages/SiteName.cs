using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Counter.Counting.Pages;

/// <summary>Normalises the host and port that name a site.</summary>
internal static class SiteName
{
    private static readonly IdnMapping Idn = new();

    /// <summary>
    /// Converts <c>user@host:port</c> to a site. Ports 80 and 443 are dropped for any scheme, because http and https are one site.
    /// </summary>
    /// <returns>Null if it is not a host, or the port is not a number up to 65535.</returns>
    public static string? Normalise(ReadOnlySpan<char> authority)
    {
        authority = authority[(authority.LastIndexOf('@') + 1)..];
        var colon = authority.LastIndexOf(':');
        var hasPort = colon > authority.LastIndexOf(']');
        var host = NormaliseHost(hasPort ? authority[..colon] : authority);
        var port = hasPort ? authority[(colon + 1)..] : default;
        if (host is null || port.IsEmpty)
        {
            return host;
        }

        return !ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? null
            : number is 80 or 443 ? host
            : string.Create(CultureInfo.InvariantCulture, $"{host}:{number}");
    }

    private static string? NormaliseHost(ReadOnlySpan<char> host)
    {
        if (host is ['[', .. var inside, ']'])
        {
            // A zone (%eth0) has a meaning on one machine only.
            return inside.IndexOf('%') < 0
                && IPAddress.TryParse(inside, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6
                ? $"[{address}]"
                : null;
        }

        var ascii = Ascii(host);
        if (ascii is null)
        {
            return null;
        }

        var name = ascii.AsSpan();
        name = name.EndsWith('.') ? name[..^1] : name;

        // The rest must still be a domain: www.com is one itself.
        while (name.StartsWith("www.", StringComparison.Ordinal) && name[4..].Contains('.'))
        {
            name = name[4..];
        }

        return IsHostName(name) ? name.ToString() : null;
    }

    /// <summary>The host in lower case, an international one in punycode; null if it cannot be converted.</summary>
    private static string? Ascii(ReadOnlySpan<char> host)
    {
        var text = host.ToString();
        if (!System.Text.Ascii.IsValid(host))
        {
            try
            {
                text = Idn.GetAscii(text);
            }
            catch (ArgumentException)
            {
                return null;
            }
        }

        return text.ToLowerInvariant();
    }

    private static bool IsHostName(ReadOnlySpan<char> name)
    {
        var label = 0;
        foreach (var c in name)
        {
            if (c == '.' ? label == 0 : !char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c is not ('-' or '_'))
            {
                return false;
            }

            label = c == '.' ? 0 : label + 1;
        }

        return label > 0;
    }
}
