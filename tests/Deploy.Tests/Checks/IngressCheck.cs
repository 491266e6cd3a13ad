using System.Text.Json.Nodes;

namespace Counter.Deploy.Tests.Checks;

/// <summary>Each silo has ports of its own and has them as settings, and the premium ingress has machines of its own.</summary>
internal static class IngressCheck
{
    public static IEnumerable<string> Check(IReadOnlyList<JsonNode> apps, IReadOnlyList<JsonNode> resources) =>
        CheckPorts(apps).Concat(resources.Where(resource => resource["type"].Text() == "Microsoft.App/managedEnvironments").SelectMany(e => CheckEnvironment(e, apps)));

    /// <summary>The ports where an app is reached.</summary>
    public static IEnumerable<JsonNode> Ports(JsonNode app)
    {
        var ingress = app["properties"]!["configuration"]!["ingress"]!;
        return ingress["additionalPortMappings"].Items().Prepend(ingress);
    }

    private static IEnumerable<string> CheckPorts(IReadOnlyList<JsonNode> apps)
    {
        var exposed = apps.SelectMany(Ports).Select(port => port["exposedPort"].Number()).OfType<int>().ToList();
        foreach (var port in exposed.GroupBy(port => port).Where(group => group.Count() > 1 || group.Key == PortCheck.Reserved))
        {
            yield return $"Port {port.Key} of the environment belongs to two silos, or to the platform.";
        }

        foreach (var app in apps.Where(app => Ports(app).Any(port => port["exposedPort"] is not null)))
        {
            var ports = app["properties"]!["template"]!["containers"].Items().SelectMany(container => container["env"].Items())
                .Where(setting => setting["name"].Text() is "Cluster__SiloPort" or "Cluster__GatewayPort").Select(setting => setting["value"].Number());
            if (!ports.SequenceEqual(Ports(app).Select(port => port["exposedPort"].Number())) || Ports(app).Any(port => port["targetPort"].Number() != port["exposedPort"].Number()))
            {
                yield return $"{app["name"]} does not have the ports where it is reached, or does not listen there.";
            }
        }
    }

    private static IEnumerable<string> CheckEnvironment(JsonNode environment, IReadOnlyList<JsonNode> apps)
    {
        var properties = environment["properties"]!;
        var here = apps.Where(app => app["properties"]!["environmentId"].Text() == environment["id"].Text()).ToList();
        var ingress = properties["ingressConfiguration"];
        var name = ingress?["workloadProfileName"].Text();
        var machines = properties["workloadProfiles"].Items().FirstOrDefault(profile => profile["name"].Text() == name);
        if (ingress is not null && (machines?["minimumCount"].Number() is not >= 2 || ingress["requestIdleTimeout"].Number() != 30
            || here.Exists(app => app["properties"]!["workloadProfileName"].Text() == name)))
        {
            yield return $"The premium ingress of {environment["name"]} wants two machines or more for itself, and 30 minutes.";
        }

        // Silos trust every process that reaches them.
        if (properties["vnetConfiguration"]!["internal"]!.GetValue<bool>() != here.TrueForAll(app => Ports(app).Any(port => port["exposedPort"] is not null)))
        {
            yield return $"{environment["name"]} shows silos to everybody, or gateways to nobody.";
        }
    }
}
