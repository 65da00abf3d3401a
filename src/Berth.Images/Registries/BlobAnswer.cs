using Berth.Images.Registries.Http;

namespace Berth.Images.Registries;

/// <summary>A blob, or a part of it, on its way. A silent connection counts as broken.</summary>
internal sealed class BlobAnswer : IDisposable
{
    private readonly HttpResponseMessage _answer;
    private readonly Stream _body;
    private readonly TimeSpan _silence;

    public BlobAnswer(RegistryConnection source, HttpResponseMessage answer, Stream body, long from, bool isPart, TimeSpan silence) =>
        (Source, _answer, _body, From, IsPart, _silence) = (source, answer, body, from, isPart, silence);

    /// <summary>Which endpoint sends it.</summary>
    public RegistryConnection Source { get; }

    /// <summary>Where in the blob the first byte belongs: 0 where the server does not know ranges, whatever was asked for.</summary>
    public long From { get; }

    /// <summary>The server answered with the range that was asked for.</summary>
    public bool IsPart { get; }

    /// <summary>0: the end.</summary>
    /// <exception cref="RegistryException">The connection broke, or nothing came for too long.</exception>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancel)
    {
        Uri address = _answer.RequestMessage!.RequestUri!;
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        silence.CancelAfter(_silence);
        try
        {
            return await _body.ReadAsync(buffer, silence.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw RegistryErrors.OfFault(address, new TimeoutException($"nothing came for {_silence.TotalSeconds:0.#} s"));
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw RegistryErrors.OfFault(address, e);
        }
    }

    public void Dispose()
    {
        _body.Dispose();
        _answer.Dispose();
    }
}
