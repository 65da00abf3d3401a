namespace Berth.Images.Registries.Http;

/// <summary>Bodies that are read whole, up to a limit.</summary>
internal static class LimitedBody
{
    /// <param name="answer">Its head was read.</param>
    /// <param name="limit">Bytes.</param>
    /// <param name="what">For the error: "the manifest".</param>
    /// <param name="silence">How long nothing may come; null: the caller sees to that.</param>
    /// <param name="cancel">The caller no longer wants it.</param>
    /// <exception cref="RegistryException">It is larger, or breaks off.</exception>
    public static async Task<byte[]> ReadAsync(HttpResponseMessage answer, int limit, string what, TimeSpan? silence, CancellationToken cancel)
    {
        Uri address = answer.RequestMessage!.RequestUri!;
        if (answer.Content.Headers.ContentLength is { } announced && announced > limit)
        {
            throw TooLarge(address, limit, what);
        }

        using var silent = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        try
        {
            Stream body = await answer.Content.ReadAsStreamAsync(cancel);
            await using (body)
            {
                var whole = new MemoryStream();
                byte[] buffer = new byte[16 << 10];
                int count;
                while ((count = await body.ReadAsync(buffer, Anew(silent, silence))) > 0)
                {
                    if (whole.Length + count > limit)
                    {
                        throw TooLarge(address, limit, what);
                    }

                    whole.Write(buffer, 0, count);
                }

                return whole.ToArray();
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw RegistryErrors.OfFault(address, new TimeoutException($"nothing came for {silence?.TotalSeconds:0.#} s"));
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw RegistryErrors.OfFault(address, e);
        }
    }

    private static CancellationToken Anew(CancellationTokenSource silent, TimeSpan? silence)
    {
        silent.CancelAfter(silence ?? Timeout.InfiniteTimeSpan);
        return silent.Token;
    }

    private static RegistryException TooLarge(Uri address, int limit, string what) =>
        new($"{RegistryErrors.Shown(address)}: {what} is larger than {(limit >= 1 << 20 ? $"{limit >> 20} MiB" : $"{limit >> 10} KiB")}") { IsDamaged = true };
}
