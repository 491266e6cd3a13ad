using System.Collections;
using System.Reflection;
using System.Runtime.InteropServices;
using Counter.Gateway.Frames;
using Counter.Gateway.Frames.Charts;
using Counter.Gateway.Tests.Charts;
using Xunit;

namespace Counter.Gateway.Tests.Frames;

/// <summary>Counts the allocations of the whole process, so no other test may run at the same time.</summary>
[CollectionDefinition(nameof(NativeMemoryTests), DisableParallelization = true)]
[Collection(nameof(NativeMemoryTests))]
public partial class NativeMemoryTests
{
    [Fact]
    public void Twenty_thousand_frames_leak_no_memory()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), "mallinfo2", out _), "Only the GNU C library tells what is allocated.");
        DrawMany(from: 0, count: 6_000);
        long before = Native();
        DrawMany(from: 1_000_000, count: 20_000);
        long grown = Native() - before;
        Assert.True(grown < 16 * 1024 * 1024, $"20,000 frames kept {grown / 1024} kB.");
    }

    [Fact]
    public void Frames_and_charts_leak_no_Skia_object()
    {
        DrawMany(from: 0, count: 100);
        var before = Handles();
        DrawMany(from: 1_000_000, count: 2_000);
        Assert.InRange(Handles(), 0, before + 10);
    }

    /// <summary>The objects of Skia that its binding knows to be alive; it keeps them in a table that is not public.</summary>
    private static int Handles()
    {
        var table = typeof(SkiaSharp.SKObject).Assembly.GetType("SkiaSharp.HandleDictionary", throwOnError: true)!
            .GetField("instances", BindingFlags.Static | BindingFlags.NonPublic)!.GetValue(null);
        return Assert.IsAssignableFrom<ICollection>(table).Count;
    }

    /// <summary>
    /// What native code has allocated and not freed: not what is resident, which other things decide. One kilobyte kept for each frame would be 20 MB.
    /// </summary>
    private static long Native()
    {
        var info = ReadAllocations();
        return (long)(info.InArenas + info.Mapped);
    }

    [LibraryImport("libc", EntryPoint = "mallinfo2")]
    private static partial Allocations ReadAllocations();

    [Fact]
    public void A_thousand_charts_leak_no_memory()
    {
        var charts = new ChartRenderer(Drawing.Raster.Painter);
        DrawCharts(300);

        // A canvas that is not freed keeps its pixels pinned: 300 kB a chart.
        long before = GC.GetTotalMemory(forceFullCollection: true);
        DrawCharts(1000);
        long grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.True(grown < 16 * 1024 * 1024, $"1,000 charts kept {grown / 1024} kB.");

        void DrawCharts(int count)
        {
            for (int n = 0; n < count; n++)
            {
                charts.Render(SampleCharts.Minutes(i => i * n), new ChartStyle(), ImageFormat.Png);
            }
        }
    }

    private static void DrawMany(int from, int count)
    {
        var formats = Enum.GetValues<ImageFormat>();
        for (int n = from; n < from + count; n++)
        {
            var style = new CounterStyle(formats[n % formats.Length]) { Size = 8 + n % 20, Font = $"Nobody Has {n}" };
            Drawing.Raster.Render(style, style.TextFor(new DisplayedCount(n)), muted: false);
        }

        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
    }

    /// <summary>struct mallinfo2 of malloc.h.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Allocations
    {
        public nuint Arena;
        public nuint FreeChunks;
        public nuint FastChunks;
        public nuint MappedRegions;
        public nuint Mapped;
        public nuint Unused;
        public nuint FastBytes;
        public nuint InArenas;
        public nuint FreeBytes;
        public nuint Releasable;
    }
}
