using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Counter.Deploy.Tests.Checks;

/// <summary>Apps are asked how they are where their programs answer.</summary>
internal static class ProbeCheck
{
    private static readonly string[] Types = ["Liveness", "Readiness", "Startup"];

    /// <param name="apps">The apps.</param>
    /// <param name="dockerfile">What images are made by; a container has the name of its target.</param>
    /// <param name="source">The source code of the programs.</param>
    public static IEnumerable<string> Check(IReadOnlyList<JsonNode> apps, string dockerfile, string source)
    {
        foreach (var (app, container) in apps.SelectMany(app => app["properties"]!["template"]!["containers"].Items().Select(container => (app, container))))
        {
            var probes = container["probes"].Items().ToList();
            if (!probes.Select(probe => probe["type"].Text()).Order().SequenceEqual(Types))
            {
                yield return $"{app["name"]} needs one probe each of: {string.Join(", ", Types)}.";
            }

            var exposed = Regex.Match(dockerfile, $@"^FROM \S+ AS {container["name"]}\n(?:(?!FROM ).*\n)*?EXPOSE (?<ports>.*)", RegexOptions.Multiline).Groups["ports"].Value.Split(' ');
            var ports = IngressCheck.Ports(app).ToList();
            var asked = probes.Select(probe => probe["httpGet"]?["port"]).Concat(ports.Where(port => port["exposedPort"] is null).Select(port => port["targetPort"]));
            foreach (var port in asked.OfType<JsonNode>().Select(port => port.ToString()).Except(exposed))
            {
                yield return $"{app["name"]}: the Dockerfile does not expose port {port} of a {container["name"]}.";
            }

            foreach (var port in probes.Select(probe => probe["tcpSocket"]?["port"].Number()).OfType<int>().Except(ports.Select(port => port["targetPort"].Number() ?? 0)))
            {
                yield return $"{app["name"]} is probed at port {port}, where nobody reaches it.";
            }

            foreach (var path in probes.Select(probe => probe["httpGet"]?["path"].Text()).OfType<string>().Where(path => !source.Contains($"MapHealthChecks(\"{path}\"", StringComparison.Ordinal)))
            {
                yield return $"{app["name"]} is probed at {path}, which no program answers.";
            }
        }
    }
}
