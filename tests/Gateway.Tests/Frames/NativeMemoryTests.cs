using Counter.Gateway.Frames;
using Xunit;

namespace Counter.Gateway.Tests.Frames;

/// <summary>Measures the whole process, so nothing else may run beside it.</summary>
[CollectionDefinition(nameof(NativeMemoryTests), DisableParallelization = true)]
[Collection(nameof(NativeMemoryTests))]
public class NativeMemoryTests
{
    [Fact]
    public void Twenty_thousand_frames_leave_no_memory_behind()
    {
        DrawMany(from: 0, count: 6_000);
        long before = Environment.WorkingSet;
        DrawMany(from: 1_000_000, count: 20_000);
        long grown = Environment.WorkingSet - before;
        Assert.True(grown < 8 * 1024 * 1024, $"20,000 frames kept {grown / 1024} kB.");
    }

    private static void DrawMany(int from, int count)
    {
        var formats = Enum.GetValues<ImageFormat>();
        for (int n = from; n < from + count; n++)
        {
            var look = new Look(formats[n % formats.Length]) { Size = 8 + n % 20, Font = $"Nobody Has {n}" };
            Drawing.Raster.Render(look, look.TextFor(new Reading(n)), muted: false);
        }

        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
    }
}
