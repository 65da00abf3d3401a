using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;

namespace Berth.Cli.Tests;

/// <summary>Answers requests on a socket of its own with what a test put there, and keeps what it was asked.</summary>
internal sealed class FakeDaemon : IDisposable
{
    private readonly Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly string path = Path.Combine(Path.GetTempPath(), $"berth-cli-{Guid.NewGuid():N}.sock");
    private readonly List<(string Match, Func<FakeRequest, FakeAnswer> Answer)> answers = [];

    public FakeDaemon()
    {
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen(64);
        new Thread(Accept) { IsBackground = true }.Start();
    }

    public string Address => $"unix://{path}";

    public ConcurrentQueue<FakeRequest> Requests { get; } = new();

    /// <summary>Answers requests that begin with "METHOD /path"; what was added last is looked at first.</summary>
    public FakeDaemon On(string match, Func<FakeRequest, FakeAnswer> answer)
    {
        answers.Insert(0, (match, answer));
        return this;
    }

    public FakeDaemon On(string match, string json, int status = 200) => On(match, _ => FakeAnswer.Json(json, status));

    /// <summary>Answers a path with and without the version that Docker's client puts before it.</summary>
    public FakeDaemon Everywhere(string method, string path, string json, int status = 200) =>
        On($"{method} {path}", json, status).On($"{method} /v1.50{path}", json, status);

    /// <summary>Answers with a file of Recorded/.</summary>
    public FakeDaemon Recorded(string match, string file) => On(match, File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Recorded", file)));

    public void Dispose()
    {
        listener.Dispose();
        File.Delete(path);
    }

    private void Accept()
    {
        try
        {
            while (true)
            {
                Socket connection = listener.Accept();
                new Thread(() => Serve(connection)) { IsBackground = true }.Start();
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // the test is over
        }
    }

    private void Serve(Socket socket)
    {
        try
        {
            using var stream = new NetworkStream(socket, ownsSocket: true);
            while (FakeRequest.Read(stream) is FakeRequest request)
            {
                Requests.Enqueue(request);
                FakeAnswer answer = answers.Find(a => request.Line.StartsWith(a.Match, StringComparison.Ordinal)).Answer?.Invoke(request)
                    ?? FakeAnswer.Json($$"""{"message":"no answer for {{request.Line}}"}""", 501);
                stream.Write(Encoding.ASCII.GetBytes(answer.Head));
                foreach (byte[] piece in answer.Body)
                {
                    stream.Write(piece);
                    stream.Flush();
                }

                answer.Then?.Invoke(stream);
                if (answer.Closes)
                {
                    return;
                }
            }
        }
        catch (IOException)
        {
            // the client went away
        }
    }
}
