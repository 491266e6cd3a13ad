using Counter.Counting.Pages;
using Xunit;

namespace Counter.Grains.Tests;

/// <summary>Keys of grains are valid names of blobs and unique for each page.</summary>
public sealed class GrainKeysTests
{
    private static readonly Uri Container = new("https://account.blob.core.windows.net/counter/");

    [Theory]
    [InlineData("/a")]
    [InlineData("/a.b/c-d_e/1:2=3")]
    [InlineData("/.well-known/x")]
    [InlineData("/..a/b")]
    public void A_plain_page_is_its_own_key(string path) => Assert.Equal("example.com" + path, GrainKeys.Of(new PageKey("example.com", path)));

    [Theory]
    [InlineData("/")]
    [InlineData("/a/")]
    [InlineData("/a.")]
    [InlineData("/a./b")]
    [InlineData("/./b")]
    [InlineData("/a/../b")]
    [InlineData("/..")]
    [InlineData("/a//b")]
    [InlineData("/a?b")]
    [InlineData("/a#b")]
    [InlineData("/a%2fb")]
    [InlineData("/a\\b")]
    [InlineData("/ä")]
    [InlineData("/a b")]
    [InlineData("/a\u0000b")]
    [InlineData("/~")]
    public void A_page_with_special_characters_is_hashed(string path) => AssertHashed(path);

    [Fact]
    public void A_long_page_is_hashed() => AssertHashed("/" + new string('a', 300));

    private static void AssertHashed(string path)
    {
        var key = GrainKeys.Of(new PageKey("example.com", path));
        Assert.Matches("^example\\.com/~[0-9a-f]{64}$", key);
        Assert.EndsWith(key + ".json", new Uri(Container, "page-counter/" + key + ".json").AbsoluteUri, StringComparison.Ordinal);
        Assert.NotEqual(key, GrainKeys.Of(new PageKey("example.com", path + "a")));
    }
}
