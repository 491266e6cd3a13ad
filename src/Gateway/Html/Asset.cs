using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Components;

namespace Counter.Gateway.Html;

/// <summary>
/// A style or script that is written into the page. It is part of the assembly, so it is there wherever the gateway is
/// started from, and its hash is part of the page's policy, so nothing else runs.
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

    /// <summary>The picture that tabs and bookmarks show.</summary>
    public static string Icon { get; } = Read("icon.svg");

    /// <summary>Its text.</summary>
    public string Text { get; }

    /// <summary>Its hash, as the attribute <c>integrity</c> has it.</summary>
    public string Hash { get; }

    /// <summary>How the Content-Security-Policy names it.</summary>
    public string Source => $"'{Hash}'";

    /// <summary>The element to put into the page.</summary>
    public MarkupString Element { get; }

    /// <summary>A style sheet of one of the <c>Assets</c> folders; the names in all of them differ.</summary>
    public static Asset Style(string name) => new(Read(name), text => $"<style>{text}</style>");

    /// <summary>A script of one of the <c>Assets</c> folders; more than one file are one module, in this order.</summary>
    public static Asset Script(params string[] names) => new(string.Join('\n', names.Select(Read)), text => $"<script type=\"module\">{text}</script>");

    /// <summary>Browsers hash what they parsed, which has no carriage returns.</summary>
    private static string Read(string name)
    {
        using var stream = typeof(Asset).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
