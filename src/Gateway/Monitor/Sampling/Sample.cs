using System.Text.Json;
using System.Text.Json.Serialization;

namespace Counter.Gateway.Monitor.Sampling;

/// <summary>The figures of one moment. Rates are per second, shares in per cent. An unknown figure is <see cref="double.NaN"/>.</summary>
[JsonConverter(typeof(SampleWriter))]
internal readonly record struct Sample
{
    /// <summary>The time of the sample.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>The viewers of the whole installation.</summary>
    public double Viewers { get; init; }

    /// <summary>The viewers of this gateway.</summary>
    public double Here { get; init; }

    /// <summary>The open streams of this gateway.</summary>
    public double Streams { get; init; }

    /// <summary>Viewers that arrived on a page at this gateway.</summary>
    public double Joins { get; init; }

    /// <summary>Viewers that left a page at this gateway.</summary>
    public double Leaves { get; init; }

    /// <summary>Frames written to streams.</summary>
    public double Frames { get; init; }

    /// <summary>Bytes of these frames.</summary>
    public double Bytes { get; init; }

    /// <summary>Frames that newer ones replaced before a slow viewer read them.</summary>
    public double Skipped { get; init; }

    /// <summary>Streams that the gateway cut.</summary>
    public double Dropped { get; init; }

    /// <summary>The pages of the whole installation that have viewers.</summary>
    public double Pages { get; init; }

    /// <summary>The known sites of the installation.</summary>
    public double Sites { get; init; }

    /// <summary>The share of all processors in programs.</summary>
    public double User { get; init; }

    /// <summary>The share of all processors in the operating system.</summary>
    public double System { get; init; }

    /// <summary>The share of all processors that waited for disks.</summary>
    public double Wait { get; init; }

    /// <summary>The share that the host of this virtual machine took away.</summary>
    public double Steal { get; init; }

    /// <summary>The share that waited for disks or for the host.</summary>
    public double Stalled => Wait + Steal;

    /// <summary>The idle share of all processors.</summary>
    public double Idle { get; init; }

    /// <summary>The share of all processors of the machine in this process.</summary>
    public double Process { get; init; }

    /// <summary>Resident memory of this process in bytes.</summary>
    public double Resident { get; init; }

    /// <summary>Managed memory of this process in bytes.</summary>
    public double Managed { get; init; }

    /// <summary>Memory of the machine or container in bytes.</summary>
    public double Memory { get; init; }

    /// <summary>Available memory of the machine or container in bytes.</summary>
    public double Available { get; init; }

    /// <summary>Used memory of the machine or container in bytes.</summary>
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

    /// <summary>The names of the values of an array.</summary>
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
