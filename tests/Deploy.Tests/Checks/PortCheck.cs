using System.Text.Json;
using System.Text.RegularExpressions;

namespace Counter.Deploy.Tests.Checks;

/// <summary>Lists of silos that people copy have a name and two ports for each silo that no other has.</summary>
internal static partial class PortCheck
{
    /// <summary>The platform keeps it for itself.</summary>
    public const int Reserved = 36985;

    /// <param name="name">What the document is called.</param>
    /// <param name="text">The document.</param>
    public static IEnumerable<string> Check(string name, string text) => Lists(text).SelectMany(list => CheckList(list).Select(problem => $"{name}: {problem}"));

    /// <summary>The lists in a document.</summary>
    public static IEnumerable<string> Lists(string text) => List().Matches(text).Select(match => match.Value);

    private static IEnumerable<string> CheckList(string text)
    {
        var silos = JsonSerializer.Deserialize<Silo[]>(text, JsonSerializerOptions.Web)!;
        var ports = silos.SelectMany(silo => new[] { silo.SiloPort, silo.GatewayPort }).ToList();
        foreach (var port in ports.GroupBy(port => port).Where(g => g.Count() > 1))
        {
            yield return $"port {port.Key} is used {port.Count()} times in {text}";
        }

        foreach (var port in ports.Where(port => port is Reserved or < 1024 or > 65535))
        {
            yield return $"port {port} cannot be used: {text}";
        }

        if (silos.Select(silo => silo.Name).Distinct().Count() < silos.Length)
        {
            yield return $"two silos have one name in {text}";
        }
    }

    [GeneratedRegex(@"\[\{""name"":[^\]]*""gatewayPort""[^\]]*\}\]")]
    private static partial Regex List();

    private sealed record Silo(string Name, int SiloPort, int GatewayPort, string Digest);
}
