using System.Reflection;
using Counter.Counting.Cluster;

namespace Counter.Gateway.Tests.Cluster;

/// <summary>An engine whose documents cannot be read for a while.</summary>
public class Forgetful : DispatchProxy
{
    /// <summary>The engine behind it.</summary>
    public ICluster Engine { get; set; } = null!;

    /// <summary>Whether its documents cannot be read.</summary>
    public bool Away { get; set; }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => Away && targetMethod!.Name == "get_Documents"
        ? throw new IOException("The engine is away.")
        : targetMethod!.Invoke(Engine, args);
}
