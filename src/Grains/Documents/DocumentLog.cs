using System.Text.Json.Serialization;
using Counter.Counting.Documents;
using Orleans.Storage;

namespace Counter.Grains.Documents;

/// <summary>
/// The documents in grain storage: segments of a log with what changed, and a head that says which segments there are. A change
/// writes the last segment only, however many documents there are.
/// </summary>
/// <remarks>
/// A segment that the head does not name, because the silo died in between, says nothing. Versions of the store keep two grains from
/// writing the same log: the second one fails, and is activated anew.
/// </remarks>
internal sealed class DocumentLog(IGrainStorage storage, GrainId grain)
{
    private const int SegmentBytes = 128 * 1024;
    private const int LeastBytes = 1024 * 1024;

    private readonly GrainState<StoredBytes> head = new(new StoredBytes());
    private readonly List<JournalEntry> tail = [];
    private GrainState<StoredBytes>? segment;
    private long segmentNumber;
    private Head range = new(1, 0);
    private long tailBytes;
    private long bytes;
    private long compactBytes;

    /// <summary>Reads every change that was stored, oldest first.</summary>
    public async Task<IReadOnlyList<JournalEntry>> ReadAsync()
    {
        await storage.ReadStateAsync("documents", grain, head);
        range = head.State?.Read(DocumentLogJson.Default.Head) ?? range;
        var all = new List<JournalEntry>();
        for (var number = range.First; number <= range.Last; number++)
        {
            (segment, segmentNumber) = (await LoadAsync(number), number);
            tail.Clear();
            tail.AddRange(segment.State?.Read(DocumentLogJson.Default.ListJournalEntry) ?? []);
            all.AddRange(tail);
            tailBytes = tail.Sum(Bytes);
            bytes += tailBytes;
        }

        return all;
    }

    /// <summary>Adds a change, and returns once it is stored.</summary>
    public async Task AppendAsync(JournalEntry entry)
    {
        if (segment is null || tailBytes > SegmentBytes)
        {
            await BeginAsync(range with { Last = range.Last + 1 });
        }

        tail.Add(entry);
        tailBytes += Bytes(entry);
        bytes += Bytes(entry);
        await WriteAsync();
    }

    /// <summary>Writes what is true now into new segments, and lets go of the others, when most of them is about what has changed since.</summary>
    public async Task TidyAsync(long version, IEnumerable<Document> documents)
    {
        if (bytes <= LeastBytes + (4 * compactBytes))
        {
            return;
        }

        var old = range;
        (tailBytes, bytes) = (0, 0);
        tail.Clear();
        var number = old.Last + 1;
        (segment, segmentNumber) = (await LoadAsync(number), number);
        foreach (var same in documents.GroupBy(d => d.Version).OrderBy(g => g.Key).Select(g => new JournalEntry(g.Key, [.. g])).Append(new JournalEntry(version, [])))
        {
            if (tailBytes > SegmentBytes)
            {
                await WriteAsync();
                tail.Clear();
                tailBytes = 0;
                (segment, segmentNumber) = (await LoadAsync(++number), number);
            }

            tail.Add(same);
            tailBytes += Bytes(same);
            bytes += Bytes(same);
        }

        await WriteAsync();
        await SetHeadAsync(new Head(old.Last + 1, number));
        compactBytes = bytes;
        for (var gone = old.First; gone <= old.Last; gone++)
        {
            await storage.ClearStateAsync(Name(gone), grain, await LoadAsync(gone));
        }
    }

    private static string Name(long number) => $"documents-{number}";

    private static long Bytes(JournalEntry entry) => 50 + entry.Documents.Sum(d => 50L + d.Id.Length + (d.Json?.Length ?? 0));

    private async Task<GrainState<StoredBytes>> LoadAsync(long number)
    {
        var state = new GrainState<StoredBytes>(new StoredBytes());
        await storage.ReadStateAsync(Name(number), grain, state);
        return state;
    }

    private async Task BeginAsync(Head next)
    {
        (segment, segmentNumber) = (await LoadAsync(next.Last), next.Last);
        tail.Clear();
        tailBytes = 0;

        // One that was begun before and never named may have something in it that nobody was answered.
        await WriteAsync();
        await SetHeadAsync(next);
    }

    private async Task SetHeadAsync(Head next)
    {
        head.State ??= new StoredBytes();
        head.State.Write(next, DocumentLogJson.Default.Head);
        await storage.WriteStateAsync("documents", grain, head);
        range = next;
    }

    private Task WriteAsync()
    {
        segment!.State ??= new StoredBytes();
        segment.State.Write(tail, DocumentLogJson.Default.ListJournalEntry);
        return storage.WriteStateAsync(Name(segmentNumber), grain, segment);
    }

    /// <summary>Which segments there are.</summary>
    /// <param name="First">The first.</param>
    /// <param name="Last">The last; before the first when there is none.</param>
    internal sealed record Head(long First, long Last);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(List<JournalEntry>))]
[JsonSerializable(typeof(DocumentLog.Head))]
internal sealed partial class DocumentLogJson : JsonSerializerContext;
