using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Threading.Channels;
using Counter.Gateway.Operations;
using Counter.Gateway.Tests.Support;
using Microsoft.AspNetCore.Connections;
using Xunit;

namespace Counter.Gateway.Tests.Operations;

/// <summary>When the frames of an HTTP/2 connection are written, and in which order.</summary>
public sealed class Http2OutputTests : IDisposable
{
    private const byte Data = 0;
    private const byte GoAway = 7;
    private const byte EndOfStream = 1;

    private readonly GatedStream client = new();
    private readonly DefaultConnectionContext connection = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => client.Dispose();

    [Fact]
    public async Task A_part_of_a_response_is_flushed_at_once()
    {
        var output = new Http2Output(client, connection);
        Write(output, Data, 0, [1, 2, 3]);
        Assert.True(Flush(output).IsCompletedSuccessfully);
        await client.Writing();
        client.Take();
        Assert.Equal(Frame(Data, 0, [1, 2, 3]), client.Taken);
    }

    [Theory]
    [InlineData(Data, EndOfStream)]
    [InlineData(GoAway, 0)]
    public async Task The_flush_of_another_frame_ends_when_it_is_written(byte type, byte flags)
    {
        var output = new Http2Output(client, connection);
        Write(output, type, flags, [1]);
        var flushing = Flush(output);
        await client.Writing();
        Assert.False(flushing.IsCompleted);
        client.Take();
        Assert.False((await flushing).IsCompleted);
    }

    [Fact]
    public async Task A_head_that_is_written_in_parts_is_understood()
    {
        var output = new Http2Output(client, connection);
        foreach (var one in Frame(Data, EndOfStream, [1, 2]))
        {
            output.Write([one]);
        }

        var flushing = Flush(output);
        await client.Writing();
        Assert.False(flushing.IsCompleted);
        client.Take();
        await flushing;
        Assert.Equal(Frame(Data, EndOfStream, [1, 2]), client.Taken);
    }

    [Fact]
    public async Task A_client_that_takes_nothing_stops_the_flushes_after_the_next()
    {
        var output = new Http2Output(client, connection);
        Write(output, Data, 0, [1]);
        Assert.True(Flush(output).IsCompletedSuccessfully);
        await client.Writing();
        Write(output, Data, 0, [2]);
        var second = Flush(output);
        Assert.False(second.IsCompleted);
        client.Take();
        await client.Writing();
        Assert.False(second.IsCompleted);
        client.Take();
        await second;
        Assert.Equal([.. Frame(Data, 0, [1]), .. Frame(Data, 0, [2])], client.Taken);
    }

    [Fact]
    public async Task Flushes_of_a_broken_connection_report_its_end()
    {
        var output = new Http2Output(client, connection);
        Write(output, GoAway, 0, [1]);
        var flushing = Flush(output);
        await client.Writing();
        client.Break();
        Assert.True((await flushing).IsCompleted);
        Write(output, Data, 0, [2]);
        Assert.True((await output.FlushAsync(Cancelled)).IsCompleted);
        await Wait.UntilAsync(() => connection.ConnectionClosed.IsCancellationRequested, "the connection to be aborted");
    }

    [Fact]
    public async Task A_flush_waits_when_much_was_flushed_before()
    {
        var output = new Http2Output(client, connection);
        Write(output, Data, 0, new byte[16 * 1024]);
        var flushing = Flush(output);
        await client.Writing();
        Assert.False(flushing.IsCompleted);
        client.Take();
        await flushing;
    }

    [Fact]
    public void An_urgent_frame_is_written_before_its_flush_returns()
    {
        using var taking = new MemoryStream();
        var output = new Http2Output(taking, connection);
        Write(output, Data, 0, [1]);
        Write(output, GoAway, 0, [2]);
        Assert.True(Flush(output).IsCompletedSuccessfully);
        Assert.Equal([.. Frame(Data, 0, [1]), .. Frame(GoAway, 0, [2])], taking.ToArray());
    }

    [Fact]
    public void An_empty_flush_keeps_the_memory_that_was_asked_for()
    {
        using var taking = new MemoryStream();
        var output = new Http2Output(taking, connection);
        var memory = output.GetMemory();
        Assert.True(Flush(output).IsCompletedSuccessfully);
        Frame(GoAway, 0, [3]).CopyTo(memory);
        output.Advance(10);
        Assert.True(Flush(output).IsCompletedSuccessfully);
        Assert.Equal(Frame(GoAway, 0, [3]), taking.ToArray());
    }

    [Fact]
    public async Task Many_flushes_keep_the_order_of_all_bytes()
    {
        var taking = new MemoryStream();
        var output = new Http2Output(taking, connection);
        var expected = new ArrayBufferWriter<byte>();
        for (var i = 0; i < 2000; i++)
        {
            var payload = new byte[i * 31 % 9000];
            payload.AsSpan().Fill((byte)(i % 251));
            var isLast = i % 7 == 0;
            expected.Write(Frame(Data, isLast ? EndOfStream : (byte)0, payload));
            Write(output, Data, isLast ? EndOfStream : (byte)0, payload);
            await output.FlushAsync(Cancelled);
        }

        Write(output, GoAway, 0, []);
        await output.FlushAsync(Cancelled);
        Assert.Equal([.. expected.WrittenSpan, .. Frame(GoAway, 0, [])], taking.ToArray());
    }

    private static Task<FlushResult> Flush(Http2Output output) => output.FlushAsync(Cancelled).AsTask();

    private static void Write(Http2Output output, byte type, byte flags, byte[] payload) => output.Write(Frame(type, flags, payload));

    private static byte[] Frame(byte type, byte flags, byte[] payload)
    {
        var frame = new byte[9 + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length << 8);
        frame[3] = type;
        frame[4] = flags;
        frame[8] = 1;
        payload.CopyTo(frame, 9);
        return frame;
    }

    /// <summary>A client that takes one write at a time, when it is told to.</summary>
    private sealed class GatedStream : MemoryStream
    {
        private readonly Channel<(ReadOnlyMemory<byte> Bytes, TaskCompletionSource Taken)> writes =
            Channel.CreateUnbounded<(ReadOnlyMemory<byte>, TaskCompletionSource)>();

        private (ReadOnlyMemory<byte> Bytes, TaskCompletionSource Taken) current;

        public byte[] Taken => ToArray();

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var taken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            writes.Writer.TryWrite((buffer, taken));
            await taken.Task;
        }

        /// <summary>Waits until a write has begun.</summary>
        public async Task Writing() => current = await writes.Reader.ReadAsync(Cancelled);

        public void Take()
        {
            Write(current.Bytes.Span);
            current.Taken.SetResult();
        }

        public void Break() => current.Taken.SetException(new IOException("broken"));
    }
}
