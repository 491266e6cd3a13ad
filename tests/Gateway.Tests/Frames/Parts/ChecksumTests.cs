using System.IO.Hashing;
using Counter.Gateway.Frames.Parts;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Counter.Gateway.Tests.Frames.Parts;

/// <summary>A checksum combined from those of parts.</summary>
public class ChecksumTests
{
    [Fact]
    public void Checksums_of_parts_combine_to_that_of_the_whole() => Check.QuickThrowOnFailure(Prop.ForAll(
        ArbMap.Default.ArbFor<byte[]>(), ArbMap.Default.ArbFor<byte[]>(), ArbMap.Default.ArbFor<byte[]>(), (a, b, c) =>
        {
            var whole = Checksum.Of([.. a, .. b, .. c]);
            Assert.Equal(whole, Checksum.Of(a).Then(Checksum.Of(b)).Then(Checksum.Of(c)));
            Assert.Equal(whole, Checksum.Of(a).Then(Checksum.Of(b).Then(Checksum.Of(c))));
            Assert.Equal(whole, Checksum.Empty.Then(whole).Then(Checksum.Empty));
        }));

    [Theory]
    [InlineData(1)]
    [InlineData(65_535)]
    [InlineData(1_040_000)]
    [InlineData(16_000_000)]
    public void The_checksum_of_many_bytes_combines_from_its_halves(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        var sum = Checksum.Of(bytes.AsSpan(0, length / 2)).Then(Checksum.Of(bytes.AsSpan(length / 2)));
        Assert.Equal(Crc32.HashToUInt32(bytes), sum.Crc);
        Assert.Equal((uint)length, sum.Length);
    }

    [Fact]
    public void A_length_over_32_bits_wraps_around()
    {
        var half = new Checksum(0, 0x80000000, Checksum.Empty.Shift);
        Assert.Equal(1u, half.Then(half).Then(Checksum.Of([7])).Length);
    }
}
