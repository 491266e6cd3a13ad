using System.Text.Json.Serialization;
using Counter.Counting.Documents;
using Orleans.Storage;

namespace Counter.Grains.Documents;

/// <summary>
/// The documents in grain storage: a log of changes in segments, and a head that names the segments. A change writes only the last segment,
/// however many documents there are.
/// </summary>
/// <remarks>
/// A segment that the head does not name is ignored: the silo died before it wrote the head. The store's ETags stop two activations from writing
/// the same log: the second write fails, and its activation is replaced.
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

    /// <summary>Reads all stored changes, oldest first.</summary>
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

    /// <summary>Appends a change and waits until it is stored.</summary>
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

    /// <summary>Compacts the log when most of it is outdated: writes the current documents into new segments and deletes the old ones.</summary>
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

        // Overwrite the segment. An earlier activation may have written changes to it that the head never named and no caller saw.
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

    /// <summary>The range of segments.</summary>
    /// <param name="First">The number of the first segment.</param>
    /// <param name="Last">The number of the last segment; less than the first when there is none.</param>
    internal sealed record Head(long First, long Last);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(List<JournalEntry>))]
[JsonSerializable(typeof(DocumentLog.Head))]
internal sealed partial class DocumentLogJson : JsonSerializerContext;
