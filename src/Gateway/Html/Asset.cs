using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Components;

namespace Counter.Gateway.Html;

/// <summary>
/// A style or script that is part of the page. It is a resource of the assembly, so it does not depend on the working directory. Its hash
/// is in the policy of the page, so nothing else runs.
/// </summary>
internal sealed class Asset
{
    /// <summary>The style of every page that people read.</summary>
    public static readonly Asset SiteStyle = Style("site.css");

    private Asset(string text, Func<string, string> element)
    {
        Text = text;
        Hash = $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";
        Element = new MarkupString(element(text));
    }

    /// <summary>The icon that tabs and bookmarks show.</summary>
    public static string Icon { get; } = Read("icon.svg");

    /// <summary>Its text.</summary>
    public string Text { get; }

    /// <summary>Its hash, as in the attribute <c>integrity</c>.</summary>
    public string Hash { get; }

    /// <summary>Its source in the Content-Security-Policy.</summary>
    public string Source => $"'{Hash}'";

    /// <summary>The element for the page.</summary>
    public MarkupString Element { get; }

    /// <summary>Loads a style sheet of one of the <c>Assets</c> folders. File names are unique in all of them.</summary>
    public static Asset Style(string name) => new(Read(name), text => $"<style>{text}</style>");

    /// <summary>Loads a script of one of the <c>Assets</c> folders. Several files make one module, in this order.</summary>
    public static Asset Script(params string[] names) => new(string.Join('\n', names.Select(Read)), text => $"<script type=\"module\">{text}</script>");

    /// <summary>Removes carriage returns: browsers hash the parsed text, which has none.</summary>
    private static string Read(string name)
    {
        using var stream = typeof(Asset).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
