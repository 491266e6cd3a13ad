using System.Collections.Concurrent;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Counter.Gateway.Tests.Documentation;

/// <summary>What the comments in the code say of a property, as Markdown. The compiler writes them into a file beside the assembly.</summary>
internal static partial class XmlComments
{
    private static readonly ConcurrentDictionary<string, Dictionary<string, XElement>> Known = new();

    /// <summary>The text of an element of the comment; null where it has no such element.</summary>
    public static string? Of(PropertyInfo property, string element)
    {
        var members = Known.GetOrAdd(Path.ChangeExtension(property.DeclaringType!.Assembly.Location, ".xml"), path =>
            XDocument.Load(path).Descendants("member").ToDictionary(member => member.Attribute("name")!.Value));
        return members.GetValueOrDefault($"P:{property.DeclaringType.FullName}.{property.Name}")?.Element(element) is { } found
            ? Space().Replace(string.Concat(found.Nodes().Select(Markdown)), " ").Trim()
            : null;
    }

    private static string Markdown(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
        XElement { Name.LocalName: "see" } see when see.Attribute("href") is { } address => $"[{see.Value}]({address.Value})",
        _ => throw new FormatException($"The comment has {node}; in what is for operators too there may be text, <c> and <see href>."),
    };

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
