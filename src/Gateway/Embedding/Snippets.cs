using System.Globalization;
using System.Net;
using System.Text;
using Counter.Gateway.Html;

namespace Counter.Gateway.Embedding;

/// <summary>The code that people paste into their pages. Every variable part is escaped for its place.</summary>
/// <param name="address">Scheme and host of this gateway.</param>
/// <param name="form">The style, and what is counted.</param>
/// <param name="box">The size of a frame.</param>
public sealed class Snippets(string address, BuilderForm form, FrameBox box)
{
    /// <summary>Explains the mark of a number that is no longer live. A browser does not report when a stream has ended.</summary>
    public const string Explanation = "With ~ before it, the number is no longer live: load the page again.";

    /// <summary>Scheme and host of this gateway.</summary>
    public string Address => address;

    /// <summary>The picture, for any HTML.</summary>
    public string Html
    {
        get
        {
            string src = Attribute(address + form.Picture(BuilderForm.NotDense));
            string srcset = form.Dense(address + form.Picture()) is { } dense ? $" srcset=\"{Attribute(dense)}\"" : "";
            return $"<img src=\"{src}\"{srcset}{Size("width", box.PictureWidth)}{Size("height", box.PictureHeight)} alt=\"{Attribute(form.Alt)}\" title=\"{Attribute(Explanation)}\">";
        }
    }

    /// <summary>The frame that reconnects by itself.</summary>
    /// <remarks>
    /// <c>color-scheme</c> keeps the frame transparent (<see cref="FrameScheme"/>). There is no <c>loading="lazy"</c>, since a reader who
    /// has not scrolled to the counter is on the page too.
    /// </remarks>
    public string Iframe => string.Create(
        CultureInfo.InvariantCulture,
        $"<iframe src=\"{Attribute(address + form.Frame())}\" title=\"{Attribute(form.Alt)}\" width=\"{box.Width}\" height=\"{box.Height}\" style=\"border:0;color-scheme:{FrameScheme.Of(form.FollowsSystem)}\"></iframe>");

    /// <summary>The script that adds the picture with the path of the page, for those who may use one.</summary>
    public string Script
    {
        get
        {
            IEnumerable<(string Name, string Value)> alt = form.Alt == BuilderForm.UsualAlt ? [] : [("alt", form.Alt)];
            var data = form.Fields().Concat(alt).Select(entry => $" data-{entry.Name}=\"{Attribute(entry.Value)}\"");
            return $"<script src=\"{Attribute(address)}/count.js\"{string.Concat(data)} async></script>";
        }
    }

    /// <summary>The picture, for forums.</summary>
    public string BbCode => $"[img]{address}{form.Picture()}[/img]";

    /// <summary>The picture, for Markdown.</summary>
    public string Markdown => $"![{InMarkdown(form.Alt)}]({address}{form.Picture()} \"{Explanation}\")";

    /// <summary>The number as a badge of shields.io, for READMEs.</summary>
    public string Shields => $"![{InMarkdown(form.Alt)}](https://img.shields.io/endpoint?url={Uri.EscapeDataString(address + form.Badge())})";

    /// <summary>The live chart, for any HTML.</summary>
    public string Chart => $"<img src=\"{Attribute(address + form.Chart())}\" width=\"480\" height=\"160\" style=\"max-width:100%;height:auto\" alt=\"Users online in the last 15 minutes\">";

    private static string Size(string name, int? pixels) => string.Create(CultureInfo.InvariantCulture, $"{(pixels is null ? "" : $" {name}=\"{pixels}\"")}");

    private static string Attribute(string text) => WebUtility.HtmlEncode(text);

    /// <summary>Escapes text for CommonMark, which takes any ASCII punctuation after a backslash literally.</summary>
    private static string InMarkdown(string text)
    {
        var escaped = new StringBuilder();
        foreach (char c in text)
        {
            if (char.IsAscii(c) && (char.IsPunctuation(c) || char.IsSymbol(c)))
            {
                escaped.Append('\\');
            }

            escaped.Append(char.IsControl(c) ? ' ' : c);
        }

        return escaped.ToString();
    }
}
