using System.Security.Cryptography;

using Berth.Oci.Digests;

namespace Berth.Storage.Content.Partials;

/// <summary>Hashes a blob behind its head, from the very first byte, whichever connection brought it and when.</summary>
internal sealed class PartialHash : IAsyncDisposable
{
    private const int Piece = 256 << 10;

    private readonly SharedPartial _partial;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task<Digest> _running;

    public PartialHash(SharedPartial partial)
    {
        _partial = partial;
        _running = Task.Run(RunAsync);
    }

    /// <summary>The digest of all bytes, once they are there.</summary>
    public Task<Digest> FinishAsync(CancellationToken cancel) => _running.WaitAsync(cancel);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ContinueWith(done => _ = done.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        _stop.Dispose();
    }

    private async Task<Digest> RunAsync()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[Piece];
        long at = 0;
        while (at < _partial.Size)
        {
            await _partial.WaitBeyondAsync(at).WaitAsync(_stop.Token);
            for (long head = _partial.Head; at < head;)
            {
                _stop.Token.ThrowIfCancellationRequested();
                int count = _partial.Read(buffer.AsSpan(0, (int)Math.Min(Piece, head - at)), at);
                if (count == 0)
                {
                    throw new IOException($"{_partial.Path} is shorter than what was written to it");
                }

                hash.AppendData(buffer.AsSpan(0, count));
                at += count;
            }
        }

        return Digest.FromHash(hash.GetHashAndReset());
    }
}
