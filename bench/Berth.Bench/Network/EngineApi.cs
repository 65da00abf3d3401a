using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace Berth.Bench.Network;

/// <summary>Requests to a daemon over one kept connection: its time without a client's start.</summary>
internal sealed class EngineApi : IDisposable
{
    private readonly HttpClient client;

    public EngineApi(Engine engine)
    {
        var endpoint = new UnixDomainSocketEndPoint(engine.Host["unix://".Length..]);
        client = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancel) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(endpoint, cancel);
                return new NetworkStream(socket, ownsSocket: true);
            },
        })
        { BaseAddress = new Uri("http://engine") };
    }

    /// <summary>Milliseconds from the request to its answer's end.</summary>
    public double Post(string path, string json)
    {
        using var body = new StringContent(json, Encoding.UTF8, "application/json");
        long start = Stopwatch.GetTimestamp();
        using HttpResponseMessage answer = client.PostAsync(path, body).GetAwaiter().GetResult();
        string text = answer.Content.ReadAsStringAsync().GetAwaiter().GetResult();
        double milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        return answer.IsSuccessStatusCode ? milliseconds : throw new InvalidOperationException($"POST {path}: {(int)answer.StatusCode} {text}");
    }

    public void Dispose() => client.Dispose();
}
