using System.Reflection;
using System.Runtime.CompilerServices;
using Counter.Counting.Cluster;
using Counter.Counting.Pages;
using Counter.Gateway.Tests.Support;
using Counter.Grains.Tests.Support;
using Counter.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Counter.Grains.Tests;

/// <summary>A change that others make while an answer to this gateway is under way.</summary>
public sealed class OvertakenTests : IDisposable
{
    private const string Page = "http://example.com/a";

    private static readonly PageKey Key = new("example.com", "/a");

    private readonly ManualTimeProvider clock = new();
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("counter-test-");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => directory.Delete(recursive: true);

    [Fact]
    public async Task A_total_that_overtakes_the_answer_to_a_report_that_was_repeated_is_shown()
    {
        await using var silo = await LocalSilo.StartAsync(directory.FullName, clock);
        var slow = (Slow)(object)DispatchProxy.Create<ICluster, Slow>();
        slow.Engine = silo.Cluster;
        await using var gateway = await RunningGateway.StartAsync(null, clock, services => services.AddSingleton((ICluster)(object)slow));
        using var first = await gateway.LookAsync(Page);
        await gateway.AdvanceUntilAsync(() => slow.Newest == 1 && slow.UnderWay == 0, "the first viewer to be counted");

        // It is not known whether the cluster has these, so they are reported again, and the answer to that takes its time.
        var hold = new TaskCompletionSource();
        (slow.Fails, slow.Hold) = (1, hold.Task);
        using var second = await gateway.LookAsync(Page);
        await UntilAsync(async () => (await silo.Cluster.GetAsync(CountKey.ForPage(Key), Stop)).Viewers == 2, "both to be counted");
        await silo.Cluster.RenewAsync(new GatewayState("other", "other", "1.0.0", DateTimeOffset.UnixEpoch, 5, 5), Stop);
        await silo.Cluster.ReportAsync(new Report("other", [new PageReport(Key, 1, 1, 5, 5)]), Stop);
        await UntilAsync(() => Task.FromResult(slow.Newest == 7), "the gateway to be told");
        hold.SetResult();
        await UntilAsync(async () => await gateway.CountAsync(Page) == 7, "all viewers to be shown");
    }

    private Task UntilAsync(Func<Task<bool>> condition, string what) => Wait.UntilAsync(
        async () =>
        {
            clock.Advance(TimeSpan.FromMilliseconds(20));
            return await condition();
        },
        what);

    /// <summary>A cluster whose answers to reports get lost or take their time.</summary>
    public class Slow : DispatchProxy
    {
        private volatile int newest;
        private int underWay;

        /// <summary>The cluster behind it.</summary>
        public ICluster Engine { get; set; } = null!;

        /// <summary>How many reports still fail.</summary>
        public int Fails { get; set; }

        /// <summary>What answers to reports wait for; null for nothing.</summary>
        public Task? Hold { get; set; }

        /// <summary>How many reports are not answered yet.</summary>
        public int UnderWay => Volatile.Read(ref underWay);

        /// <summary>The viewers of the page, as the gateway was last told without having asked, and took notice of.</summary>
        public int Newest => newest;

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.Name switch
        {
            nameof(ICluster.ReportAsync) => new ValueTask<ReportReply>(ReportAsync((Report)args![0]!, (CancellationToken)args[1]!)),
            nameof(ICluster.ChangesAsync) => ChangesAsync((Func<IEnumerable<CountKey>>?)args![0], (CancellationToken)args[1]!),
            _ => targetMethod.Invoke(Engine, args),
        };

        private async Task<ReportReply> ReportAsync(Report report, CancellationToken cancellationToken)
        {
            if (Fails > 0)
            {
                Fails--;
                throw new ClusterUnavailableException("The answer got lost.", new IOException());
            }

            Interlocked.Increment(ref underWay);
            try
            {
                var reply = await Engine.ReportAsync(report, cancellationToken);
                await (Hold ?? Task.CompletedTask).WaitAsync(cancellationToken);
                return reply;
            }
            finally
            {
                Interlocked.Decrement(ref underWay);
            }
        }

        private async IAsyncEnumerable<Total> ChangesAsync(Func<IEnumerable<CountKey>>? shown, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await foreach (var total in Engine.ChangesAsync(shown, cancellationToken))
            {
                yield return total;
                newest = total.Key == CountKey.ForPage(Key) ? total.Viewers : newest;
            }
        }
    }
}
