using System.Net;

using Berth.Images.Registries;
using Berth.Storage.Content;

namespace Berth.Images.Push;

/// <summary>
/// Brings one blob into a repository: not at all where it is there, by a mount where a neighbour has it, else by an upload. One that breaks off goes
/// on where the registry says it is; only attempts that brought it no further than ever before count.
/// </summary>
/// <param name="client">The registry.</param>
/// <param name="repository">Path within it.</param>
/// <param name="content">Has the blob.</param>
/// <param name="blob">Which one.</param>
/// <param name="sent">Told the bytes that went out.</param>
internal sealed class BlobPush(RegistryClient client, string repository, IContentProvider content, BlobInfo blob, Action<long> sent)
{
    /// <summary>Up to so many bytes go in one request; larger ones in requests that a registry can be asked about.</summary>
    internal const long LargestWhole = 4 << 20;

    /// <summary>Where servers refuse long bodies, pieces get shorter, down to this.</summary>
    internal const long LeastPiece = 1 << 20;

    private readonly BlobUpload _upload = new(client, repository);
    private UploadSession? _session;
    private long _piece = Math.Max(blob.Size, LeastPiece);
    private long _highest;

    /// <summary>Brings the blob into the content store once it is known that it has to be uploaded; null: it is there.</summary>
    public Func<CancellationToken, Task>? Bring { get; init; }

    /// <param name="neighbours">Repositories of the same registry that may have it.</param>
    /// <param name="cancel">The caller no longer wants it.</param>
    /// <returns>How it came there, in Docker's words.</returns>
    /// <exception cref="RegistryException">It did not, however often it was tried.</exception>
    public async Task<string> RunAsync(IReadOnlyList<string> neighbours, CancellationToken cancel)
    {
        if (await _upload.ExistsAsync(blob.Digest, cancel))
        {
            return "Layer already exists";
        }

        foreach (string neighbour in neighbours)
        {
            if (await MountAsync(neighbour, cancel))
            {
                return $"Mounted from {neighbour}";
            }
        }

        try
        {
            await (Bring?.Invoke(cancel) ?? Task.CompletedTask);
            await UploadAsync(cancel);
            return "Pushed";
        }
        catch when (_session is not null)
        {
            await AbandonAsync(_session);
            throw;
        }
    }

    // A registry that does not mount begins an upload instead: of several such the last is gone on with.
    private async Task<bool> MountAsync(string neighbour, CancellationToken cancel)
    {
        try
        {
            UploadSession? begun = await _upload.BeginAsync((blob.Digest, neighbour), cancel);
            if (_session is { } before)
            {
                await AbandonAsync(before);
            }

            _session = begun;
            return begun is null;
        }
        catch (RegistryException e) when (e.Status is not null)
        {
            return false; // perhaps the neighbour is not for this user; the upload will show what is
        }
    }

    private async Task UploadAsync(CancellationToken cancel)
    {
        for (int failed = 0; ;)
        {
            RegistryException failure;
            try
            {
                _session ??= await _upload.BeginAsync(null, cancel) ?? throw new RegistryException($"{client.Registry}/{repository}: an upload was asked for, and something else made") { IsDamaged = true };
                await SendRestAsync(cancel);
                _session = null;
                return;
            }
            catch (RegistryException e) when (IsWorthAnother(e))
            {
                failure = e;
            }

            if (await RecoverAsync(cancel))
            {
                return;
            }

            long reached = _session?.Offset ?? 0;
            failed = reached > _highest ? 1 : failed + 1;
            _highest = Math.Max(_highest, reached);
            if (failure.Status == HttpStatusCode.RequestEntityTooLarge || failed > 1)
            {
                _piece = Math.Max(LeastPiece, _piece / 4); // one that closes the connection in place of a word means the same
            }

            await Task.Delay(client.Retry.Pause(failed, failure.RetryAfter, Random.Shared.NextDouble()) ?? throw failure, cancel);
        }
    }

    private async Task SendRestAsync(CancellationToken cancel)
    {
        if (_session is { Offset: 0 } empty && blob.Size <= Math.Min(LargestWhole, _piece))
        {
            await WatchedAsync(
                async (body, stop) =>
                {
                    await _upload.FinishAsync(empty, blob.Digest, () => body(0, blob.Size), blob.Size, stop);
                    return true;
                },
                cancel);
            return;
        }

        while (_session!.Offset < blob.Size)
        {
            UploadSession session = _session;
            long length = Math.Min(Math.Max(_piece, session.LeastChunk), blob.Size - session.Offset);
            _session = await WatchedAsync((body, stop) => _upload.SendAsync(session, () => body(session.Offset, length), length, stop), cancel);
        }

        // Without a limit of time: registries hash or move all of it before they answer.
        await _upload.FinishAsync(_session, blob.Digest, null, 0, cancel);
    }

    // A body may take as long as it wants, if only some of it goes out now and then.
    private async Task<T> WatchedAsync<T>(Func<Func<long, long, Stream>, CancellationToken, Task<T>> send, CancellationToken cancel)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        silence.CancelAfter(client.Retry.Silence);
        try
        {
            return await send(
                (start, length) => new UploadBody(content.Open(blob.Digest), start, length, at =>
                {
                    silence.CancelAfter(client.Retry.Silence);
                    sent(at);
                }),
                silence.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new RegistryException($"{client.Registry}/{repository}: nothing of the blob {blob.Digest} was taken for {client.Retry.Silence.TotalSeconds:0.#} s") { IsPassing = true };
        }
    }

    // Asks how far the upload came. True: it is done, only its answer was lost.
    private async Task<bool> RecoverAsync(CancellationToken cancel)
    {
        if (_session is null)
        {
            return false;
        }

        try
        {
            UploadSession now = await _upload.StatusAsync(_session, cancel);
            _session = now.Offset <= blob.Size ? now : null;
        }
        catch (RegistryException)
        {
            _session = null; // lost: begun anew
        }

        return _session is null && await _upload.ExistsAsync(blob.Digest, cancel);
    }

    private bool IsWorthAnother(RegistryException failure) =>
        failure.IsPassing
        || failure.Code == "BLOB_UPLOAD_UNKNOWN"
        || failure.Status == HttpStatusCode.RequestedRangeNotSatisfiable
        || (failure.Status == HttpStatusCode.RequestEntityTooLarge && Math.Min(_piece, blob.Size) > LeastPiece);

    private async Task AbandonAsync(UploadSession session)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        try
        {
            await _upload.AbandonAsync(session, limit.Token);
        }
        catch (Exception e) when (e is RegistryException or OperationCanceledException)
        {
            // A courtesy: registries remove what was left by themselves.
        }
    }
}
