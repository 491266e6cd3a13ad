using System.Buffers.Binary;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;

namespace Counter.Gateway.Operations;

/// <summary>
/// The output of an HTTP/2 connection. It writes frames that come together in one TLS record and with one call of the kernel, and tracks the
/// frames that it sends (RFC 9113, 4.1), so that each response knows how much of it was sent.
/// </summary>
/// <remarks>
/// <para>The pictures of a page change together, and have one connection. The server flushes each of them; the write begins after the last.</para>
/// <para>
/// The server reports the last 4 kB of a response as sent when they are written, and does not report when the client takes them. It keeps them
/// until then.
/// </para>
/// </remarks>
/// <param name="tls">The TLS stream of the connection. Nothing else writes to it.</param>
/// <param name="connection">The connection. It is aborted when a write fails.</param>
internal sealed class Http2Output(Stream tls, ConnectionContext connection) : BufferedOutput, IThreadPoolWorkItem
{
    private const int HeadLength = 9;
    private const byte Data = 0;
    private const byte ResetStream = 3;
    private const byte EndOfStream = 1;

    // A TLS record has at most 16 kB. More that waits is memory that a client can keep.
    private const int MostBytes = 16 * 1024;

    private readonly byte[] head = new byte[HeadLength];
    private readonly Dictionary<int, ResponseWriter> answers = [];
    private readonly Lock gate = new();
    private bool areEnded;
    private int headRead;
    private int payloadLeft;

    // Whether something else than a part of a response is not flushed. The server may end the connection after it, also without waiting.
    private bool isUrgent;

    // What is flushed and not written. `gate` guards it and all fields below.
    private Rented flushed = new([], 0);
    private bool isScheduled;
    private bool isWriting;
    private bool isBroken;

    // Completes when everything is written.
    private TaskCompletionSource<FlushResult>? whenWritten;

    /// <summary>Notifies a response of the bytes that are sent from now on, and of its end.</summary>
    public void Add(int stream, ResponseWriter answer)
    {
        lock (answers)
        {
            answers[stream] = answer;
            if (areEnded)
            {
                answer.End();
            }
        }
    }

    /// <summary>Stops notifying a response.</summary>
    public void Remove(int stream)
    {
        lock (answers)
        {
            answers.Remove(stream);
        }
    }

    /// <summary>Ends all responses, because the connection is closed.</summary>
    public void EndResponses()
    {
        lock (answers)
        {
            areEnded = true;
            foreach (var answer in answers.Values)
            {
                answer.End();
            }
        }
    }

    /// <inheritdoc/>
    /// <returns>A completed task for parts of responses, which are written soon, unless the client has yet to take the last ones.</returns>
    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        var rented = Take();
        Task<FlushResult> written;
        lock (gate)
        {
            if (isBroken)
            {
                rented.Return();
                return new ValueTask<FlushResult>(new FlushResult(isCanceled: false, isCompleted: true));
            }

            flushed.Append(rented);
            if (!isUrgent && !isWriting && flushed.Length < MostBytes)
            {
                Schedule();
                return default;
            }

            isUrgent = false;
            written = (whenWritten ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            if (isWriting)
            {
                return new ValueTask<FlushResult>(written);
            }

            isWriting = true;
        }

        _ = WriteAsync();
        return new ValueTask<FlushResult>(written);
    }

    /// <summary>Writes everything that is flushed.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        lock (gate)
        {
            isScheduled = false;
            if (isWriting)
            {
                return;
            }

            isWriting = true;
        }

        _ = WriteAsync();
    }

    protected override void OnWritten(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            var skipped = Math.Min(payloadLeft, bytes.Length);
            payloadLeft -= skipped;
            bytes = bytes[skipped..];
            var part = Math.Min(HeadLength - headRead, bytes.Length);
            bytes[..part].CopyTo(head.AsSpan(headRead));
            headRead += part;
            bytes = bytes[part..];
            if (headRead == HeadLength)
            {
                headRead = 0;
                payloadLeft = BinaryPrimitives.ReadInt32BigEndian(head) >>> 8;
                Leave(head[3], BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(5)), payloadLeft);
                isUrgent |= head[3] != Data || (head[4] & EndOfStream) != 0;
            }
        }
    }

    private void Schedule()
    {
        if (!isScheduled && flushed.Length > 0)
        {
            isScheduled = true;

            // To the local queue: this thread writes when the server has no more frames for it.
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
        }
    }

    private async Task WriteAsync()
    {
        while (TryTake(out var rented))
        {
            try
            {
                await tls.WriteAsync(rented.Bytes);
                rented.Return();
            }
            catch (Exception)
            {
                // The client has left, or the server has ended the connection.
                Break();
            }
        }
    }

    /// <summary>Takes what is flushed. False when everything is written.</summary>
    private bool TryTake(out Rented rented)
    {
        TaskCompletionSource<FlushResult>? done;
        lock (gate)
        {
            rented = flushed;
            flushed = new Rented([], 0);
            if (rented.Length > 0)
            {
                return true;
            }

            isWriting = false;
            done = whenWritten;
            whenWritten = null;
        }

        done?.SetResult(new FlushResult(isCanceled: false, isBroken));
        return false;
    }

    private void Break()
    {
        lock (gate)
        {
            isBroken = true;
            flushed.Return();
            flushed = new Rented([], 0);
        }

        connection.Abort();
    }

    private void Leave(byte type, int stream, int bytes)
    {
        if (type is not (Data or ResetStream))
        {
            return;
        }

        lock (answers)
        {
            if (!answers.TryGetValue(stream, out var answer))
            {
                return;
            }

            if (type == ResetStream)
            {
                answer.End();
            }
            else
            {
                answer.Leave(bytes);
            }
        }
    }
}
