using System.Reflection;
using Counter.Counting.Cluster;
using Counter.Counting.Presence;
using Counter.Tests.Support;

namespace Counter.Gateway.Tests.Cluster;

/// <summary>An engine that is away for a while, takes its time, or does what it is asked and its answers get lost.</summary>
public class Unreliable : DispatchProxy
{
    private int lose;
    private int reporting;
    private int pageLists;

    /// <summary>The engine behind it.</summary>
    public ICluster Engine { get; set; } = null!;

    /// <summary>Whether it does not answer and does nothing.</summary>
    public bool Away { get; set; }

    /// <summary>Whether it has no history to tell.</summary>
    public bool IsPastAway { get; set; }

    /// <summary>What renewals wait for before they reach it; null for nothing.</summary>
    public Task? Delays { get; set; }

    /// <summary>What questions of who voted wait for; null for nothing.</summary>
    public Task? DelaysVoted { get; set; }

    /// <summary>What lists of pages wait for; null for nothing.</summary>
    public Task? DelaysPages { get; set; }

    /// <summary>The lists of pages that have waited.</summary>
    public int AskedForPages => Volatile.Read(ref pageLists);

    /// <summary>How long a batch takes for each of its streams, by <see cref="Clock"/>.</summary>
    public TimeSpan PerPage { get; set; }

    /// <summary>What it takes its time by.</summary>
    public ManualTimeProvider Clock { get; set; } = null!;

    /// <summary>Whether an answer to a renewal is still to be lost.</summary>
    public bool IsLosing => Volatile.Read(ref lose) > 0;

    /// <summary>Whether the engine has a batch to work on: a clock that is moved on meanwhile would make it slower than it is.</summary>
    public bool IsReporting => Volatile.Read(ref reporting) > 0;

    /// <summary>The answer to the next renewal gets lost.</summary>
    public void LoseAnswer() => Volatile.Write(ref lose, 1);

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (Away || (IsPastAway && targetMethod!.Name == nameof(ICluster.GetHistoryAsync)))
        {
            throw new ClusterUnavailableException("The engine is away.", new IOException());
        }

        if (Delays is { } delay && targetMethod!.Name == nameof(ICluster.RenewAsync))
        {
            return new ValueTask<bool>(RenewAsync(delay, (GatewayState)args![0]!, (CancellationToken)args[1]!));
        }

        if (DelaysVoted is { } held && targetMethod!.Name == nameof(ICluster.HasVotedAsync))
        {
            return new ValueTask<bool>(HasVotedAsync(held, (string)args![0]!, (ulong)args[1]!, (CancellationToken)args[2]!));
        }

        if (DelaysPages is { } stuck && targetMethod!.Name == nameof(ICluster.ListPagesAsync))
        {
            return new ValueTask<IReadOnlyList<CountStatus>>(ListPagesAsync(stuck, (string)args![0]!, (CountQuery)args[1]!, (CancellationToken)args[2]!));
        }

        if (PerPage > TimeSpan.Zero && args is [string site, PresenceBatch batch, CancellationToken cancellationToken])
        {
            return new ValueTask<PresenceReply>(SendAsync(site, batch, cancellationToken));
        }

        var answer = targetMethod!.Invoke(Engine, args);
        return targetMethod.Name == nameof(ICluster.RenewAsync) && Interlocked.Exchange(ref lose, 0) > 0
            ? throw new ClusterUnavailableException("The answer got lost.", new IOException())
            : answer;
    }

    private async Task<PresenceReply> SendAsync(string site, PresenceBatch batch, CancellationToken cancellationToken)
    {
        await Task.Delay(batch.Changes.Count * PerPage, Clock, cancellationToken);
        Interlocked.Increment(ref reporting);
        try
        {
            return await Engine.SendAsync(site, batch, cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref reporting);
        }
    }

    private async Task<bool> HasVotedAsync(Task delay, string poll, ulong voter, CancellationToken cancellationToken)
    {
        await delay.WaitAsync(cancellationToken);
        return await Engine.HasVotedAsync(poll, voter, cancellationToken);
    }

    private async Task<IReadOnlyList<CountStatus>> ListPagesAsync(Task delay, string site, CountQuery query, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref pageLists);
        await delay.WaitAsync(cancellationToken);
        return await Engine.ListPagesAsync(site, query, cancellationToken);
    }

    private async Task<bool> RenewAsync(Task delay, GatewayState state, CancellationToken cancellationToken)
    {
        await delay.WaitAsync(cancellationToken);
        return await Engine.RenewAsync(state, cancellationToken);
    }
}
