using System.Text;
using Counter.Gateway.Frames;
using Counter.Gateway.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Counter.Gateway.Tests.Streaming;

/// <summary>A picture that takes long to draw does not delay other numbers.</summary>
public sealed class LargePictureTests
{
    private const string Page = "http://example.com/a";

    [Fact]
    public async Task A_large_picture_does_not_delay_a_push_and_shows_the_newest_number()
    {
        using var renderer = new SlowRenderer { Slow = "large 3" };
        await using var gateway = await RunningGateway.StartAsync(log: null, services => services.AddSingleton<IFrameRenderer>(renderer));
        using var large = await gateway.ViewAsync(Page, "/online.png?label=large");
        await large.ReadPreambleAsync();
        using var usual = await gateway.ViewAsync(Page);
        await usual.ReadPreambleAsync();
        using var third = await gateway.ViewAsync(Page);
        await ReadUntilAsync(usual, "Users online: 3");
        await renderer.Begun.WaitAsync(TimeSpan.FromSeconds(60));
        using var fourth = await gateway.ViewAsync(Page);
        await ReadUntilAsync(usual, "Users online: 4");

        Assert.DoesNotContain("large 3", renderer.Drawn);
        renderer.GoOn();
        await ReadUntilAsync(large, "large 4");

        async Task ReadUntilAsync(RawClient client, string wanted)
        {
            while (true)
            {
                var frame = client.ReadFrameAsync();
                await gateway.AdvanceUntilAsync(() => frame.IsCompleted, wanted);
                if (Encoding.UTF8.GetString(await frame) == wanted)
                {
                    return;
                }
            }
        }
    }
}
