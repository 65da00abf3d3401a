using System.IO.Pipelines;

using Berth.Images.Compression;
using Berth.Storage;
using Berth.Storage.Content;
using Berth.Storage.Leases;
using Berth.Storage.Tar;

namespace Berth.Images.Archives;

/// <summary>From a client's asynchronous stream to files: one task reads ahead from the client, a thread of its own does the rest without waiting on anything else.</summary>
internal static class ArchiveReception
{
    private const int ReadAhead = 1 << 20;
    private const int Piece = 1 << 16;

    /// <summary>Receives an archive of images.</summary>
    /// <exception cref="EngineException">Invalid: damaged or hostile.</exception>
    public static Task<ReceivedArchive> ReceiveAsync(Stream source, IContentIngester content, Lease lease, CancellationToken cancel) =>
        PumpAsync(
            source,
            stream =>
            {
                using Stream plain = Decompression.Open(stream, out _);
                ReceivedArchive archive = ReceivedArchive.Receive(plain, content, lease, cancel);
                Drain(plain);
                return archive;
            },
            cancel);

    /// <summary>Receives one file, to become a layer: as it is, or unpacked where no layer may be packed like it.</summary>
    public static Task<ArchiveFile> ReceiveFileAsync(Stream source, IContentIngester content, Lease lease, CancellationToken cancel) =>
        PumpAsync(source, stream => ReceiveFile(stream, content, lease), cancel);

    private static ArchiveFile ReceiveFile(Stream stream, IContentIngester content, Lease lease)
    {
        using var peeked = new PeekedStream(stream);
        ArchiveCompression compression = Decompression.Detect(peeked.Peek(Decompression.Longest));
        using Stream source = Decompression.IsLayerForm(compression) ? peeked : Decompression.Open(peeked, out _);
        IngestWriter ingest = content.Begin(lease);
        try
        {
            byte[] buffer = GC.AllocateUninitializedArray<byte>(Piece);
            int count;
            bool any = false;
            while ((count = source.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false)) > 0)
            {
                any = true;
                ingest.Write(buffer.AsSpan(0, count));
            }

            return any
                ? new ArchiveFile(ingest, Decompression.IsLayerForm(compression) ? compression : ArchiveCompression.None)
                : throw EngineException.Invalid("the archive is empty");
        }
        catch
        {
            ingest.Dispose();
            throw;
        }
    }

    private static async Task<T> PumpAsync<T>(Stream source, Func<Stream, T> work, CancellationToken cancel)
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: ReadAhead, resumeWriterThreshold: ReadAhead / 2, minimumSegmentSize: Piece, useSynchronizationContext: false));
        Task pumping = PumpAsync(source, pipe.Writer, cancel);
        Task<T> working = Task.Factory.StartNew(
            () =>
            {
                // Completes the reader when it is disposed, which ends the pump where the work ended early.
                using Stream stream = pipe.Reader.AsStream();
                return work(stream);
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            return await working;
        }
        catch (Exception e) when (e is TarException or InvalidDataException or EndOfStreamException)
        {
            throw EngineException.Invalid($"the archive cannot be read: {e.Message}", e);
        }
        finally
        {
            await pumping;
        }
    }

    // Never throws: what goes wrong with the client reaches the reader through the pipe.
    private static async Task PumpAsync(Stream source, PipeWriter writer, CancellationToken cancel)
    {
        Exception? failure = null;
        try
        {
            FlushResult flushed;
            do
            {
                int count = await source.ReadAsync(writer.GetMemory(Piece), cancel);
                if (count == 0)
                {
                    break;
                }

                writer.Advance(count);
                flushed = await writer.FlushAsync(cancel);
            }
            while (!flushed.IsCompleted);
        }
        catch (Exception e)
        {
            failure = e;
        }

        await writer.CompleteAsync(failure);
    }

    // The client is still sending what follows the archive's end; it gets its answer only when it has sent all.
    private static void Drain(Stream stream)
    {
        byte[] rest = new byte[1 << 16];
        while (stream.Read(rest) > 0)
        {
            // Nothing of it is wanted.
        }
    }
}
