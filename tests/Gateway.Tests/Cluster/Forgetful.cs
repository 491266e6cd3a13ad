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

    /// <summary>What happens just when they cannot be read.</summary>
    public Action Meanwhile { get; set; } = () => { };

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (Away && targetMethod!.Name == "get_Documents")
        {
            Meanwhile();
            throw new IOException("The engine is away.");
        }

        return targetMethod!.Invoke(Engine, args);
    }
}
