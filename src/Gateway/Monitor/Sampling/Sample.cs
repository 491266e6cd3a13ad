using System.Text.Json;
using System.Text.Json.Serialization;

namespace Counter.Gateway.Monitor.Sampling;

/// <summary>How things were at one moment. What nobody could tell is <see cref="double.NaN"/>. Rates are per second, shares per cent.</summary>
[JsonConverter(typeof(SampleWriter))]
internal readonly record struct Sample
{
    /// <summary>When.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>The viewers of the whole installation.</summary>
    public double Viewers { get; init; }

    /// <summary>The viewers of this gateway.</summary>
    public double Here { get; init; }

    /// <summary>The open streams of this gateway.</summary>
    public double Streams { get; init; }

    /// <summary>Viewers that came to a page of this gateway.</summary>
    public double Joins { get; init; }

    /// <summary>Viewers that left one.</summary>
    public double Leaves { get; init; }

    /// <summary>Frames that were written to streams.</summary>
    public double Frames { get; init; }

    /// <summary>Bytes of frames.</summary>
    public double Bytes { get; init; }

    /// <summary>Frames that newer ones replaced before a slow viewer took them.</summary>
    public double Skipped { get; init; }

    /// <summary>Streams that were cut.</summary>
    public double Dropped { get; init; }

    /// <summary>The pages of the whole installation that somebody looks at.</summary>
    public double Pages { get; init; }

    /// <summary>The sites that the installation knows.</summary>
    public double Sites { get; init; }

    /// <summary>What programs used of all processors.</summary>
    public double User { get; init; }

    /// <summary>What the operating system used of them.</summary>
    public double System { get; init; }

    /// <summary>What they waited for disks.</summary>
    public double Wait { get; init; }

    /// <summary>What the machine that this one is a guest of took away.</summary>
    public double Steal { get; init; }

    /// <summary>What they waited for disks or for their host.</summary>
    public double Stalled => Wait + Steal;

    /// <summary>What nobody wanted.</summary>
    public double Idle { get; init; }

    /// <summary>What this process used of all processors of the machine.</summary>
    public double Process { get; init; }

    /// <summary>Bytes of memory this process has.</summary>
    public double Resident { get; init; }

    /// <summary>Bytes of them that are objects.</summary>
    public double Managed { get; init; }

    /// <summary>Bytes of memory of the machine or container.</summary>
    public double Memory { get; init; }

    /// <summary>Bytes of them that can be had.</summary>
    public double Available { get; init; }

    /// <summary>Bytes of memory of the machine or container that are in use.</summary>
    public double Used => Memory - Available;
}

/// <summary>Writes a sample as an array: its time in milliseconds since 1970, then the columns.</summary>
internal sealed class SampleWriter : JsonConverter<Sample>
{
    private const int Digits = 2;

    private static readonly (string Name, Func<Sample, double> Value)[] Columns =
    [
        ("viewers", s => s.Viewers), ("here", s => s.Here), ("streams", s => s.Streams), ("joins", s => s.Joins), ("leaves", s => s.Leaves),
        ("frames", s => s.Frames), ("bytes", s => s.Bytes), ("skipped", s => s.Skipped), ("dropped", s => s.Dropped), ("pages", s => s.Pages),
        ("sites", s => s.Sites), ("user", s => s.User), ("system", s => s.System), ("wait", s => s.Wait), ("steal", s => s.Steal),
        ("idle", s => s.Idle), ("process", s => s.Process), ("resident", s => s.Resident), ("managed", s => s.Managed),
        ("memory", s => s.Memory), ("available", s => s.Available),
    ];

    /// <summary>What the values of an array are.</summary>
    public static IReadOnlyList<string> Header { get; } = ["at", .. Columns.Select(c => c.Name)];

    public override void Write(Utf8JsonWriter writer, Sample value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        writer.WriteNumberValue(value.At.ToUnixTimeMilliseconds());
        foreach (var (_, get) in Columns)
        {
            var number = get(value);
            if (double.IsFinite(number))
            {
                writer.WriteNumberValue(Math.Round(number, Digits));
            }
            else
            {
                writer.WriteNullValue();
            }
        }

        writer.WriteEndArray();
    }

    public override Sample Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("Samples are only written.");
}
