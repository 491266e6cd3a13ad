using Counter.Counting.Documents;
using Counter.Counting.Embedded;
using Xunit;

namespace Counter.Counting.Tests.Embedded;

/// <summary>Settings on the disk: every answered change is there, whenever the process ends.</summary>
public sealed class DocumentJournalTests : IDisposable
{
    private readonly TemporaryDirectory where = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private string Journal => Path.Combine(where.Root, "settings.jsonl");

    public void Dispose() => where.Dispose();

    [Fact]
    public async Task A_change_is_on_the_disk_when_it_is_answered()
    {
        using var documents = Open();
        Assert.Equal(1, await PutAsync(documents, "example.com", "1"));

        // As after a kill: nothing was closed.
        File.Copy(Journal, Journal + ".copy");
        documents.Dispose();
        File.Move(Journal + ".copy", Journal, overwrite: true);
        using var again = Open();
        Assert.Equal(new Document(DocumentKind.Site, "example.com", "1", 1), await again.FindAsync(DocumentKind.Site, "example.com", Cancelled));
        Assert.Equal(2, await PutAsync(again, "example.com", "2"));
    }

    [Fact]
    public async Task A_line_that_was_cut_short_was_never_answered()
    {
        using (var documents = Open())
        {
            await PutAsync(documents, "a", "1");
            await PutAsync(documents, "b", "1");
        }

        var bytes = await File.ReadAllBytesAsync(Journal, Cancelled);
        await File.WriteAllBytesAsync(Journal, [.. bytes, .. "{\"version\":3,\"docum"u8], Cancelled);
        using var again = Open();
        Assert.Equal(2, (await again.ListAsync(DocumentKind.Site, "", null, 10, descending: false, Cancelled)).Count);
        Assert.Equal(3, await PutAsync(again, "c", "1"));
        again.Dispose();
        using var third = Open();
        Assert.NotNull(await third.FindAsync(DocumentKind.Site, "c", Cancelled));
    }

    [Fact]
    public async Task Damage_in_the_middle_stops_the_start_and_names_the_line()
    {
        using (var documents = Open())
        {
            await PutAsync(documents, "a", "1");
            await PutAsync(documents, "b", "1");
        }

        var lines = await File.ReadAllLinesAsync(Journal, Cancelled);
        lines[1] = lines[1].Replace('{', '?');
        await File.WriteAllLinesAsync(Journal, lines, Cancelled);
        var error = Assert.Throws<DataDirectoryException>(() => { Open(); });
        Assert.Contains("Line 2 of", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_changes_again_and_again_does_not_grow_for_ever()
    {
        using var documents = Open();
        var text = new string('x', 60_000);
        for (var i = 0; i < 100; i++)
        {
            await PutAsync(documents, "a", text);
        }

        Assert.InRange(new FileInfo(Journal).Length, 60_000, 1_500_000);
        Assert.Equal(101, await PutAsync(documents, "a", "1"));
    }

    [Fact]
    public void Only_its_owner_may_read_it()
    {
        using var documents = Open();
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no such modes.");
        }
        else
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Journal));
        }
    }

    [Fact]
    public async Task A_change_that_found_no_room_never_comes_back_and_later_ones_are_kept()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.UserName == "root", "Only root can mount a small disk.");
        Run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", where.Root);
        try
        {
            using (var documents = Open())
            {
                await PutAsync(documents, "kept", "1");
                var filler = Path.Combine(where.Root, "filler");
                await Assert.ThrowsAnyAsync<IOException>(() => File.WriteAllBytesAsync(filler, new byte[1_000_000], Cancelled));
                for (var i = 0; i < 5; i++)
                {
                    await Assert.ThrowsAnyAsync<IOException>(() => PutAsync(documents, "refused", new string('x', 5000)));
                }

                Assert.Null(await documents.FindAsync(DocumentKind.Site, "refused", Cancelled));
                File.Delete(filler);
                await PutAsync(documents, "accepted", "1");
            }

            using var again = Open();
            var known = await again.ListAsync(DocumentKind.Site, "", null, 10, descending: false, Cancelled);
            Assert.Equal(["accepted", "kept"], known.Select(d => d.Id));
        }
        finally
        {
            Run("umount", where.Root);
        }
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = System.Diagnostics.Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    private EmbeddedDocuments Open() => new(new DocumentJournal(where.Root, new LogRecorder()));

    private static async Task<long?> PutAsync(EmbeddedDocuments documents, string id, string json) =>
        await documents.TryChangeAsync([new DocumentChange(DocumentKind.Site, id, json)], Cancelled);
}
