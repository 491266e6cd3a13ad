using System.Text.Json;
using Counter.Gateway.Monitor;
using Counter.Gateway.Monitor.Sampling;
using Xunit;

namespace Counter.Gateway.Tests.Monitor;

/// <summary>The values of samples.</summary>
public sealed class SamplingTests : IDisposable
{
    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("counter-machine-");

    public void Dispose() => root.Delete(recursive: true);

    [Fact]
    public void Processor_shares_equal_those_of_iostat()
    {
        var before = Cpu("cpu  100 10 50 1000 20 5 5 10 0 0\ncpu0 1 1 1 1 1 1 1 1 0 0\ncpu1 1 1 1 1 1 1 1 1 0 0\nintr 1\n");
        var after = Cpu("cpu  130 20 60 1030 30 5 15 15 0 0\ncpu0 1 1 1 1 1 1 1 1 0 0\ncpu1 1 1 1 1 1 1 1 1 0 0\nintr 1\n");

        // 40 of user and nice, 20 of system with its interrupts, 10 of waiting, 5 stolen, 30 idle: 105 ticks.
        var shares = after!.Value.Since(before!.Value)!.Value;
        Assert.Equal(2, after.Value.Processors);
        Assert.Equal(40 / 1.05, shares.User, 6);
        Assert.Equal(20 / 1.05, shares.System, 6);
        Assert.Equal(10 / 1.05, shares.Wait, 6);
        Assert.Equal(5 / 1.05, shares.Steal, 6);
        Assert.Equal(30 / 1.05, shares.Idle, 6);
    }

    [Fact]
    public void A_decreasing_counter_is_zero_and_no_elapsed_time_has_no_shares()
    {
        var before = Cpu("cpu 10 0 0 100 50 0 0 0\ncpu0 0\n")!.Value;
        var after = Cpu("cpu 20 0 0 110 40 0 0 0\ncpu0 0\n")!.Value;
        Assert.Equal(new CpuShares(50, 0, 0, 0, 50), after.Since(before));
        Assert.Null(after.Since(after));
    }

    [Theory]
    [InlineData("")]
    [InlineData("intr 1 2 3\n")]
    [InlineData("cpu  1 2 3\ncpu0 1 2 3\n")]
    [InlineData("cpu  1 2 3 x 5 6 7 8\ncpu0 1\n")]
    [InlineData("cpu  1 2 3 4 5 6 7 99999999999999999999\ncpu0 1\n")]
    [InlineData("cpu  1 2 3 4 5 6 7 8\n")]
    public void An_invalid_file_has_no_values(string stat) => Assert.Null(Cpu(stat));

    [Fact]
    public void A_machine_without_these_files_has_no_values()
    {
        var machine = new MachineUsage(Path.Combine(root.FullName, "none"), Path.Combine(root.FullName, "none"));
        Assert.Null(machine.ReadCpu());
        Assert.Null(machine.ReadMemory());
    }

    [Fact]
    public void Memory_is_that_of_the_machine()
    {
        Put("proc/meminfo", "MemTotal:       1000 kB\nMemFree:         100 kB\nMemAvailable:    400 kB\n");
        Assert.Equal((1_024_000, 409_600), NewMachine().ReadMemory());
    }

    [Fact]
    public void In_a_container_memory_is_its_limit()
    {
        Put("proc/meminfo", "MemTotal: 1000 kB\nMemAvailable: 400 kB\n");
        Put("proc/self/cgroup", "0::/part/own\n");

        // The group itself has no limit, the one around it has.
        Put("groups/part/own/memory.max", "max\n");
        Put("groups/part/own/memory.current", "1000\n");
        Put("groups/part/memory.max", "300000\n");
        Put("groups/part/memory.current", "250000\n");
        Put("groups/part/memory.stat", "anon 1\ninactive_file 20000\n");
        Assert.Equal((300_000, 70_000), NewMachine().ReadMemory());

        // One that is larger than the machine limits nothing.
        Put("groups/part/memory.max", "99000000\n");
        Assert.Equal((1_024_000, 409_600), NewMachine().ReadMemory());

        // More used than allowed, as for a moment it may be.
        Put("groups/part/memory.max", "100000\n");
        Assert.Equal((100_000, 0), NewMachine().ReadMemory());
    }

    [Fact]
    public void History_keeps_a_quarter_of_an_hour()
    {
        var history = new SampleHistory();
        Assert.Empty(history.Take());
        for (var i = 1; i <= 1000; i++)
        {
            Assert.Equal(i, history.Add(new Sample { Here = i }));
        }

        Assert.Equal(Enumerable.Range(101, 900), history.Take().Select(s => (int)s.Here));
        Assert.Equal([949, 950], history.Take(last: 950, most: 2).Select(s => (int)s.Here));
        Assert.Empty(history.Take(last: 50));
    }

    [Fact]
    public void An_unknown_value_is_null()
    {
        var sample = new Sample { At = DateTimeOffset.UnixEpoch.AddSeconds(2), Viewers = double.NaN, Here = 3, Joins = 1.23456 };
        var json = JsonDocument.Parse(MonitorJson.Write(new SampleMessage(sample), MonitorJson.Default.SampleMessage));
        var row = json.RootElement.GetProperty("sample");
        Assert.Equal(SampleWriter.Header.Count, row.GetArrayLength());
        Assert.Equal(2000, row[0].GetInt64());
        Assert.Equal(JsonValueKind.Null, row[1].ValueKind);
        Assert.Equal(3, row[2].GetDouble());
        Assert.Equal(1.23, row[4].GetDouble());
    }

    private static CpuTimes? Cpu(string stat) => CpuTimes.Read(new StringReader(stat));

    private MachineUsage NewMachine() => new(Path.Combine(root.FullName, "proc"), Path.Combine(root.FullName, "groups"));

    private void Put(string path, string text)
    {
        var file = new FileInfo(Path.Combine(root.FullName, path));
        file.Directory!.Create();
        File.WriteAllText(file.FullName, text);
    }
}
