using System.Reflection;
using Counter.Grains.Play;
using Counter.Grains.Polls;

namespace Counter.Gateway.Tests.Cluster;

/// <summary>A client for which polls and tables do not answer. The text of each exception has the description of the request, as with Orleans.</summary>
public class FailingGrains : DispatchProxy
{
    private IClusterClient client = null!;

    public static IClusterClient Of(IClusterClient client)
    {
        var proxy = Create<IClusterClient, FailingGrains>();
        ((FailingGrains)(object)proxy).client = client;
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        targetMethod!.Invoke(client, BindingFlags.DoNotWrapExceptions, null, args, null) switch
        {
            IPollGrain => Create<IPollGrain, Grain>(),
            ITableGrain => Create<ITableGrain, Grain>(),
            var other => other,
        };

    /// <summary>A grain that does not answer.</summary>
    public class Grain : DispatchProxy
    {
        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            var request = typeof(IPollGrain).Assembly.GetTypes()
                .Where(type => type.IsAssignableTo(typeof(RequestBase)) && !type.IsAbstract)
                .Select(type => (RequestBase)Activator.CreateInstance(type)!)
                .Single(request => request.GetMethod() == targetMethod);
            for (var i = 0; i < args!.Length; i++)
            {
                request.SetArgument(i, args[i]!);
            }

            throw new TimeoutException($"Response did not arrive on time for message: {request}");
        }
    }
}
