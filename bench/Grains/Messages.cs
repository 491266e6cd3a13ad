using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace Counter.Grains.Bench;

/// <summary>Copies messages as the way from one process to another does, which within a process are shared.</summary>
internal sealed class Messages : IDisposable
{
    private readonly ServiceProvider services = new ServiceCollection().AddSerializer().BuildServiceProvider();

    /// <summary>A message as another process receives it.</summary>
    public T Copy<T>(T message)
    {
        var serializer = services.GetRequiredService<Serializer<T>>();
        return serializer.Deserialize(serializer.SerializeToArray(message))!;
    }

    public void Dispose() => services.Dispose();
}
