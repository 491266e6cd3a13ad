using Orleans.Runtime.Services;
using Orleans.Services;

namespace Counter.Grains.Gateways;

/// <summary>Calls the <see cref="ISiloService"/> of each silo.</summary>
internal interface ISilos : IGrainServiceClient<ISiloService>
{
    /// <summary>The active silos.</summary>
    IReadOnlyCollection<SiloAddress> Active { get; }

    /// <summary>The silos that are stopping and not gone yet.</summary>
    IReadOnlyCollection<SiloAddress> Leaving { get; }

    /// <summary>Calls every active silo. Those that do not answer in time are omitted, because they are leaving.</summary>
    Task<IReadOnlyList<(SiloAddress Silo, T Answer)>> AskAllAsync<T>(Func<SiloAddress, ISiloService, Task<T>> ask);
}

/// <inheritdoc/>
internal sealed class Silos(IServiceProvider services, IClusterMembershipService membership) : GrainServiceClient<ISiloService>(services), ISilos
{
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(2);

    public IReadOnlyCollection<SiloAddress> Active => Those(status => status == SiloStatus.Active);

    public IReadOnlyCollection<SiloAddress> Leaving => Those(status => status is SiloStatus.ShuttingDown or SiloStatus.Stopping);

    public async Task<IReadOnlyList<(SiloAddress Silo, T Answer)>> AskAllAsync<T>(Func<SiloAddress, ISiloService, Task<T>> ask)
    {
        var answers = await Task.WhenAll(Active.Select(async silo =>
        {
            try
            {
                return (silo, Answer: (T?)await ask(silo, GetGrainService(silo)).WaitAsync(CallTimeout), Came: true);
            }
            catch (Exception e) when (e is TimeoutException or OrleansException)
            {
                return (silo, default, false);
            }
        }));
        return [.. answers.Where(a => a.Came).Select(a => (a.silo, a.Answer!))];
    }

    private SiloAddress[] Those(Predicate<SiloStatus> are) =>
        [.. membership.CurrentSnapshot.Members.Values.Where(m => are(m.Status)).Select(m => m.SiloAddress)];
}
