using System.Globalization;
using Counter.Deploy.Tests.Bicep;

namespace Counter.Deploy.Tests.Checks;

/// <summary>Apps stop in the time that the platform gives, say how they are, and scale on what can be seen.</summary>
internal static class AppCheck
{
    // Containers were seen to be killed 60 to 80 s after SIGTERM, whatever the grace period.
    private const int LongestGrace = 60;

    // One Streaming:WriteTimeoutSeconds and the reserve of the gateway's host.
    private const int StopReserve = 20;

    private static readonly string[] Probes = ["Liveness", "Readiness", "Startup"];

    public static IEnumerable<string> Check(BicepFolder folder) =>
        folder.Resources("Microsoft.App/containerApps@").SelectMany(r => CheckApp(r.File, r.Resource)).Concat(folder.Templates.SelectMany(CheckEnvironments));

    private static IEnumerable<string> CheckApp(BicepFile file, Declaration app)
    {
        var place = $"{file.Path}:{app.Line}: app '{app.Name}'";
        var properties = app.Body?["properties"] as ObjectExpression;
        var template = properties?["template"] as ObjectExpression;
        var grace = Number(template?["terminationGracePeriodSeconds"]);
        var drain = file.Values.OfType<ObjectExpression>().Where(o => o["name"] is TextExpression { Text: "Streaming__DrainSeconds" })
            .Select(o => Number(o["value"])).FirstOrDefault() ?? 0;
        if (grace is null || grace > LongestGrace || grace < drain + (drain > 0 ? StopReserve : 0))
        {
            yield return $"{place}: the time to stop, {grace} s, is too short for a drain of {drain} s, or longer than the {LongestGrace} s that can be relied on.";
        }

        foreach (var container in ((template?["containers"] as ArrayExpression)?.Items ?? []).OfType<ObjectExpression>())
        {
            var probes = ((container["probes"] as ArrayExpression)?.Items ?? []).OfType<ObjectExpression>().Select(p => (p["type"] as TextExpression)?.Text).Order();
            if (!probes.SequenceEqual(Probes))
            {
                yield return $"{place} needs one probe each of: {string.Join(", ", Probes)}.";
            }

            if (container["image"] is not NameExpression)
            {
                yield return $"{place}: its image is not a parameter.";
            }
        }

        var scale = template?["scale"] as ObjectExpression;
        var rules = ((scale?["rules"] as ArrayExpression)?.Items ?? []).OfType<ObjectExpression>();
        if (rules.Any(rule => rule["http"] is not null || rule["tcp"] is not null))
        {
            yield return $"{place} scales on requests that come, which says nothing of streams that are held.";
        }

        var ingress = (properties?["configuration"] as ObjectExpression)?["ingress"] as ObjectExpression;
        if (ingress?["transport"] is TextExpression { Text: "tcp" } && (Number(scale?["minReplicas"]), Number(scale?["maxReplicas"])) != (1, 1))
        {
            yield return $"{place} has an address for one replica, and may have more or none.";
        }

        var ports = ingress?.All().OfType<ObjectExpression>().Select(o => o["exposedPort"]) ?? [];
        if (ports.Any(port => port is not (null or NameExpression)))
        {
            yield return $"{place}: an exposed port is not a parameter, so two silos would share it.";
        }
    }

    /// <summary>The premium ingress has machines of its own, two at least, and the longest patience there is.</summary>
    private static IEnumerable<string> CheckEnvironments(BicepFile file) =>
        from module in file.Of(DeclarationKind.Module)
        let parameters = module.Body?["params"] as ObjectExpression
        let ingress = parameters?["ingressConfiguration"] as ObjectExpression
        where ingress is not null
        let name = (ingress["workloadProfileName"] as TextExpression)?.Text
        let machines = (parameters["workloadProfiles"] as ArrayExpression)?.Items.OfType<ObjectExpression>()
            .FirstOrDefault(profile => (profile["name"] as TextExpression)?.Text == name)
        let shared = file.Values.OfType<ObjectExpression>().Any(o => o != ingress && o["workloadProfileName"] is TextExpression text && text.Text == name)
        where machines is null || Number(machines["minimumCount"]) is not >= 2 || Number(ingress["requestIdleTimeout"]) != 30 || shared
        select $"{file.Path}:{module.Line}: the premium ingress of '{module.Name}' wants two machines or more for itself, and 30 minutes.";

    private static int? Number(Expression? value) =>
        int.TryParse((value as PlainExpression)?.Text ?? (value as TextExpression)?.Text, CultureInfo.InvariantCulture, out var number) ? number : null;
}
