using Counter.Counting.Cluster;
using Counter.Counting.Embedded;
using Counter.Counting.Totals;
using Counter.Tests.Support;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Counter.Counting.Tests.Embedded;

/// <summary>What the store makes of files as a kill, a disk or a person may leave them.</summary>
public sealed class EmbeddedStoreTests : IDisposable
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(15);

    private readonly ManualTimeProvider clock = new();
    private readonly TemporaryDirectory directory = new();
    private readonly LogRecorder log = new();
    private readonly SiteFile file;

    public EmbeddedStoreTests()
    {
        Directory.CreateDirectory(directory.Sites);
        file = SiteFile.Of(directory.Sites, "example.com");
    }

    [Fact]
    public void What_is_saved_is_loaded_and_the_generation_before_is_kept()
    {
        Save(State(1), State(2));
        Assert.Equal(2, Assert.Single(Load()).Tally.Arrivals);
        Assert.Equal(1, SiteFile.Read(file.Previous).Total.Arrivals);
        Assert.Equal(2, Directory.GetFiles(directory.Sites).Length);
        Assert.Empty(log.At(LogLevel.Warning));
    }

    [Fact]
    public void Only_its_owner_may_read_what_is_written_and_what_was_there_before()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no such modes.");
            return;
        }

        var (journal, old) = (Path.Combine(directory.Root, "settings.jsonl"), Path.Combine(directory.Sites, "old.example.json.gz.previous"));
        foreach (var path in new[] { journal, old })
        {
            File.WriteAllText(path, "");
            File.SetUnixFileMode(path, (UnixFileMode)0b110_100_100);
        }

        File.SetUnixFileMode(directory.Root, (UnixFileMode)0b111_101_101);
        File.SetUnixFileMode(directory.Sites, (UnixFileMode)0b111_101_101);
        Save(State(1), State(2));
        Assert.Equal((UnixFileMode)0b111_000_000, File.GetUnixFileMode(directory.Root));
        Assert.Equal((UnixFileMode)0b111_000_000, File.GetUnixFileMode(directory.Sites));
        foreach (var path in new[] { journal, old, file.Current, file.Previous, Path.Combine(directory.Root, "in-use") })
        {
            Assert.Equal((UnixFileMode)0b110_000_000, File.GetUnixFileMode(path));
        }
    }

    [Fact]
    public void A_directory_that_is_made_is_for_its_owner_and_one_that_many_share_stays_so()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no such modes.");
            return;
        }

        const UnixFileMode Shared = UnixFileMode.StickyBit | (UnixFileMode)0b111_111_111;
        File.SetUnixFileMode(directory.Root, Shared);
        var made = Path.Combine(directory.Root, "made");
        new EmbeddedStore(made, clock, log).Dispose();
        new EmbeddedStore(directory.Root, clock, log).Dispose();
        Assert.Equal((UnixFileMode)0b111_000_000, File.GetUnixFileMode(made));
        Assert.Equal((UnixFileMode)0b111_000_000, File.GetUnixFileMode(directory.Sites));
        Assert.Equal(Shared, File.GetUnixFileMode(directory.Root));
    }

    [Theory]
    [InlineData("[2001:db8::1]:8080")]
    [InlineData("xn--bcher-kva.example")]
    [InlineData("..")]
    [InlineData("a/../../b")]
    public void Any_site_has_a_file_of_its_own_in_the_directory(string site)
    {
        Save(State(1, site));
        Assert.Single(Directory.GetFiles(directory.Sites));
        Assert.Equal(site, Assert.Single(Load()).Site);
    }

    [Fact]
    public void Sites_with_very_long_names_do_not_share_a_file()
    {
        var site = new string(':', 300);
        Save(State(1, site + "a"), State(2, site + "b"));
        Assert.Equal([site + "a", site + "b"], Load().Select(s => s.Site).Order());
    }

    [Fact]
    public void A_process_killed_at_any_byte_of_writing_leaves_the_generation_before()
    {
        Save(State(1), State(2));
        var whole = File.ReadAllBytes(file.Current);
        for (var written = 0; written < whole.Length; written += 7)
        {
            File.WriteAllBytes(file.Next, whole[..written]);
            Assert.Equal(2, Assert.Single(Load()).Tally.Arrivals);
        }

        File.Delete(file.Next);
        Assert.Empty(log.At(LogLevel.Warning));
    }

    [Fact]
    public void A_process_killed_between_the_two_renames_loses_nothing()
    {
        Save(State(1), State(2));
        File.Move(file.Current, file.Next);
        Assert.Equal(2, Assert.Single(Load()).Tally.Arrivals);
        Assert.True(File.Exists(file.Current) && !File.Exists(file.Next));
        Assert.Empty(log.At(LogLevel.Warning));
    }

    [Fact]
    public void A_whole_next_generation_stands_in_for_a_damaged_one_and_takes_its_name()
    {
        Save(State(1), State(2));
        File.Move(file.Current, file.Next);
        File.WriteAllText(file.Current, "damaged");
        Assert.Equal(2, Assert.Single(Load()).Tally.Arrivals);
        Assert.Equal(2, SiteFile.Read(file.Current).Total.Arrivals);
        Assert.False(File.Exists(file.Next));
        Assert.Equal(2, log.At(LogLevel.Warning).Count());
    }

    [Fact]
    public void A_process_killed_in_its_very_first_save_begins_again()
    {
        File.WriteAllBytes(file.Next, [0x1f, 0x8b]);
        Assert.Empty(Load());
        Assert.Empty(Directory.GetFiles(directory.Sites));
        Assert.Contains(log.At(LogLevel.Information), m => m.Contains(file.Next, StringComparison.Ordinal));
    }

    [Fact]
    public void A_truncated_file_is_set_aside_and_the_generation_before_is_taken()
    {
        Save(State(1), State(2));
        File.WriteAllBytes(file.Current, File.ReadAllBytes(file.Current)[..^20]);
        Assert.Equal(1, Assert.Single(Load()).Tally.Arrivals);

        var aside = file.Current + ".damaged-20260301T120000000Z";
        Assert.True(File.Exists(aside));
        Assert.Collection(
            log.At(LogLevel.Warning),
            m => Assert.StartsWith($"{file.Current} could not be read and was set aside as {aside}: ", m, StringComparison.Ordinal),
            m => Assert.StartsWith($"The totals and history of example.com come from {file.Previous}", m, StringComparison.Ordinal));

        // The next save does not push the good generation out before there is another.
        Save(State(3));
        Assert.Equal(3, Assert.Single(Load()).Tally.Arrivals);
        Assert.Equal(1, SiteFile.Read(file.Previous).Total.Arrivals);
    }

    [Fact]
    public void When_both_generations_are_damaged_it_says_that_nothing_was_recovered_and_other_sites_are_loaded()
    {
        Save(State(1), State(2), State(7, "other.org"));
        File.WriteAllBytes(file.Current, []);
        File.WriteAllText(file.Previous, "not gzip at all");
        Assert.Equal("other.org", Assert.Single(Load()).Site);
        Assert.Equal(3, log.At(LogLevel.Warning).Count());
        Assert.Contains(log.At(LogLevel.Warning), m => m.StartsWith("Nothing was recovered", StringComparison.Ordinal));
        Assert.Equal(2, Directory.GetFiles(directory.Sites, "*.damaged-*").Length);

        Load();
        Assert.Equal(3, log.At(LogLevel.Warning).Count());
    }

    [Fact]
    public void No_flipped_bit_and_no_missing_end_is_taken_for_the_truth()
    {
        Save(State(2));
        var good = File.ReadAllBytes(file.Current);
        var expected = SiteFile.Read(file.Current);
        for (var i = 0; i < good.Length; i++)
        {
            var damaged = (byte[])good.Clone();
            damaged[i] ^= (byte)(1 << (i % 8));
            AssertTrueOrRefused(damaged);
            AssertTrueOrRefused(good[..i]);
        }

        void AssertTrueOrRefused(byte[] bytes)
        {
            File.WriteAllBytes(file.Current, bytes);
            try
            {
                // Some bytes of the gzip header mean nothing, and the JSON ends before the checksum does.
                Assert.Equivalent(expected, SiteFile.Read(file.Current));
            }
            catch (Exception e) when (e is InvalidDataException or System.Text.Json.JsonException)
            {
                Assert.NotEmpty(e.Message);
            }
        }
    }

    [Theory]
    [InlineData("""{"format":2,"site":null}""", "It has the format 2; this program reads 1.")]
    [InlineData("""{"format":1,"site":null}""", "It has no site.")]
    [InlineData("null", "It says nothing.")]
    [InlineData("""{"format":1,"site":{"site":"example.com"}}""", "missing required")]
    [InlineData("[]", "could not be converted")]
    public void A_file_of_another_format_is_set_aside_with_the_reason(string json, string reason)
    {
        WriteJson(json);
        Assert.Empty(Load());
        Assert.Contains(log.At(LogLevel.Warning), m => m.Contains(reason, StringComparison.Ordinal));
        Assert.Single(Directory.GetFiles(directory.Sites, "*.damaged-*"));
    }

    [Fact]
    public void A_file_under_the_name_of_another_site_is_set_aside()
    {
        Save(State(1));
        File.Copy(file.Current, SiteFile.Of(directory.Sites, "other.org").Current);
        Assert.Equal("example.com", Assert.Single(Load()).Site);
        Assert.Contains(log.At(LogLevel.Warning), m => m.Contains("It is about example.com", StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_whose_history_contradicts_itself_is_set_aside()
    {
        Save(State(1), State(2) with { Total = State(2).Total with { Arrivals = -1 } });
        Assert.Equal(1, Assert.Single(Load()).Tally.Arrivals);
        Assert.Contains(log.At(LogLevel.Warning), m => m.Contains("contradict", StringComparison.Ordinal));
    }

    [Fact]
    public void A_directory_that_cannot_be_made_is_refused_with_a_sentence_that_says_what_to_do()
    {
        var taken = Path.Combine(directory.Root, "taken");
        File.WriteAllText(taken, "a file");
        var refused = Assert.Throws<DataDirectoryException>(() => new EmbeddedStore(Path.Combine(taken, "data"), clock, log));
        Assert.Contains("cannot be written: let this process write it, or set Data:Directory", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_directory_that_another_process_uses_is_refused_until_it_is_free()
    {
        using (new EmbeddedStore(directory.Root, clock, log))
        {
            var refused = Assert.Throws<DataDirectoryException>(() => new EmbeddedStore(directory.Root, clock, log));
            Assert.Contains("is in use by another process", refused.Message, StringComparison.Ordinal);
        }

        new EmbeddedStore(directory.Root, clock, log).Dispose();
    }

    public void Dispose() => directory.Dispose();

    private static SiteState State(int arrivals, string site = "example.com")
    {
        var start = new ManualTimeProvider().GetUtcNow();
        var counter = new SiteCounter(site, Lease, start);
        counter.TryApply("g", new PageReport(new(site, "/"), 1, 1, arrivals, arrivals), 10, start, out _, out _);
        counter.Settle(start);
        return counter.Save(start.AddMinutes(3));
    }

    private void Save(params SiteState[] states)
    {
        using var store = new EmbeddedStore(directory.Root, clock, log);
        Assert.All(states, state => Assert.NotNull(store.Save(state)));
    }

    private IReadOnlyList<SiteCounter> Load()
    {
        using var store = new EmbeddedStore(directory.Root, clock, log);
        return store.Load(state => new SiteCounter(state, Lease, clock.GetUtcNow()));
    }

    private void WriteJson(string json)
    {
        using var gzip = new System.IO.Compression.GZipStream(
            File.Create(file.Current), System.IO.Compression.CompressionLevel.Fastest);
        gzip.Write(System.Text.Encoding.UTF8.GetBytes(json));
    }
}
