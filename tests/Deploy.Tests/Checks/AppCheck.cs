using System.Text.Json.Nodes;

namespace Counter.Deploy.Tests.Checks;

/// <summary>Apps stop in the time that the platform gives, and scale on what can be seen.</summary>
internal static class AppCheck
{
    // Containers were seen to be killed 60 to 80 s after SIGTERM, whatever the grace period.
    private const int LongestGrace = 60;

    // One Streaming:WriteTimeoutSeconds and the reserve of the gateway's host.
    private const int StopReserve = 20;

    public static IEnumerable<string> Check(IReadOnlyList<JsonNode> apps) => apps.SelectMany(Check);

    private static IEnumerable<string> Check(JsonNode app)
    {
        var template = app["properties"]!["template"]!;
        var grace = template["terminationGracePeriodSeconds"].Number();
        var drain = template["containers"].Items().SelectMany(container => container["env"].Items())
            .FirstOrDefault(setting => setting["name"].Text() == "Streaming__DrainSeconds")?["value"].Number() ?? 0;
        if (grace is null or > LongestGrace || grace < drain + (drain > 0 ? StopReserve : 0))
        {
            yield return $"{app["name"]}: the time to stop, {grace} s, is too short for a drain of {drain} s, or longer than the {LongestGrace} s that can be relied on.";
        }

        var scale = template["scale"];
        if (scale?["rules"].Items().Any(rule => rule["http"] is not null || rule["tcp"] is not null) == true)
        {
            yield return $"{app["name"]} scales on requests that come, which says nothing of streams that are held.";
        }

        var replicas = (scale?["minReplicas"].Number(), scale?["maxReplicas"].Number());
        if (app["properties"]!["configuration"]!["ingress"]!["transport"].Text() == "tcp")
        {
            if (replicas != (1, 1))
            {
                yield return $"{app["name"]} has an address for one replica, and may have more or none.";
            }
        }
        else if (replicas is not ( >= 2, >= 2) || replicas.Item1 > replicas.Item2)
        {
            yield return $"{app["name"]} may be down to one replica, or has a range that is none: {replicas}.";
        }
    }
}
