using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Components;

namespace Counter.Gateway.Embedding;

/// <summary>
/// A style or script that is written into the page. It is part of the assembly, so it is there wherever the gateway is
/// started from, and its hash is part of the page's policy, so nothing else runs.
/// </summary>
internal sealed class Asset
{
    public static readonly Asset SiteStyle = new("site.css", "style");
    public static readonly Asset BuilderScript = new("builder.js", "script");
    public static readonly Asset EmbedStyle = new("embed.css", "style");
    public static readonly Asset EmbedScript = new("embed.js", "script");

    private Asset(string name, string tag)
    {
        string text = Read(name);
        Source = $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}'";
        Element = new MarkupString(tag == "script" ? $"<script type=\"module\">{text}</script>" : $"<style>{text}</style>");
    }

    /// <summary>The picture that tabs and bookmarks show.</summary>
    public static string Icon { get; } = Read("icon.svg");

    /// <summary>How the Content-Security-Policy names it.</summary>
    public string Source { get; }

    /// <summary>The element to put into the page.</summary>
    public MarkupString Element { get; }

    /// <summary>Browsers hash what they parsed, which has no carriage returns.</summary>
    private static string Read(string name)
    {
        using var stream = typeof(Asset).Assembly.GetManifestResourceStream("Counter.Gateway.Embedding.Assets." + name)!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
