using Counter.Gateway.Settings;

namespace Counter.Gateway.Cluster;

/// <summary>Stands in for the Orleans engine in a build without it.</summary>
internal static class OrleansSetup
{
    /// <summary>Says how to build a gateway that has it.</summary>
    /// <exception cref="SettingException">Always.</exception>
    public static void AddOrleans(this WebApplicationBuilder builder) => throw new SettingException(
        "Cluster:Engine is Orleans, which this build does not have; one that has it is made with: dotnet publish src/Gateway -p:Orleans=true.");
}
