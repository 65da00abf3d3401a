using System.Net.Sockets;
using System.Text;

using Berth.Cli.Http;

namespace Berth.Cli.Tests.Http;

/// <summary>HTTP as daemons and proxies really write it.</summary>
public sealed class HttpConnectionTests
{
    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "hello")]
    [InlineData("HTTP/1.1 200 OK\r\ncontent-length:5\r\n\r\nhello", "hello")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;ext=1\r\nlo\r\n0\r\n\r\n", "hello")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nTrailer: x\r\n\r\n", "hello")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nA\r\nhellohello\r\n0\r\n\r\n", "hellohello")]
    [InlineData("HTTP/1.0 200 OK\r\n\r\nhello", "hello")]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", "hi")]
    [InlineData("HTTP/1.1 204 No Content\r\n\r\n", "")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "")]
    public void BodiesAreRead(string answer, string body)
    {
        using FakeDaemon daemon = Saying(answer);
        Assert.Equal(body, Encoding.UTF8.GetString(Ask(daemon).Open("GET", "/x").ReadAll()));
    }

    /// <summary>Every place the network may cut it at.</summary>
    [Fact]
    public void CutsDoNotMatter()
    {
        byte[] answer = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nApi-Version: 1.44\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n"u8.ToArray();
        for (int cut = 1; cut < answer.Length; cut++)
        {
            int at = cut;
            using FakeDaemon daemon = new FakeDaemon().On("GET /x", _ => new FakeAnswer("", [answer[..at], answer[at..]], Closes: true));
            ApiClient client = Ask(daemon);
            Assert.Equal("hello", Encoding.UTF8.GetString(client.Open("GET", "/x").ReadAll()));
            Assert.Equal("1.44", client.ApiVersion);
        }
    }

    [Theory]
    [InlineData("", "closed the connection without an answer")]
    [InlineData("HTTP/1.1 200", "in the middle of an answer")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello", "in the middle of an answer")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhe", "in the middle of an answer")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "malformed chunk size")]
    [InlineData("SSH-2.0-OpenSSH\r\n\r\n", "is not HTTP")]
    public void BrokenAnswersAreSaid(string answer, string message)
    {
        using FakeDaemon daemon = Saying(answer);
        Assert.Contains(message, Assert.Throws<ConnectionException>(() => Ask(daemon).Open("GET", "/x").ReadAll()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"message":"no such thing"}""", "no such thing")]
    [InlineData("plain text\n", "plain text")]
    [InlineData("", "status 500 without a message")]
    [InlineData("{broken", "{broken")]
    public void ErrorsKeepTheirReason(string body, string message)
    {
        using FakeDaemon daemon = Saying($"HTTP/1.1 500 Oh\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        ApiException error = Assert.Throws<ApiException>(() => Ask(daemon).Do("GET", "/x"));
        Assert.Equal((500, message, $"Error response from daemon: {message}"), (error.Status, error.Answer, error.Message));
    }

    [Fact]
    public void AConnectionServesManyRequests()
    {
        int connections = 0;
        using FakeDaemon daemon = new FakeDaemon().On("GET /x", _ => FakeAnswer.Json("{}")).On("GET /first", _ =>
        {
            connections++;
            return FakeAnswer.Json("{}");
        });
        ApiClient client = Ask(daemon);
        client.Do("GET", "/first");
        for (int i = 0; i < 5; i++)
        {
            client.Get("/x");
        }

        Assert.Equal((1, 6), (connections, daemon.Requests.Count));
    }

    /// <summary>A daemon that closes after each answer, without saying so beforehand.</summary>
    [Fact]
    public void AClosedConnectionIsReplaced()
    {
        using FakeDaemon daemon = new FakeDaemon().On("GET /x", _ => FakeAnswer.Json("{}") with { Closes = true });
        ApiClient client = Ask(daemon);
        client.Get("/x");
        Assert.True(SpinWait.SpinUntil(() => TryAgain(client), TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public void BytesBehindAnUpgradeAreNotLost()
    {
        using FakeDaemon daemon = new FakeDaemon().On("POST /x", _ => new FakeAnswer("HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.raw-stream\r\n\r\nearly", ["late"u8.ToArray()], Closes: true));
        using Hijacked streams = Ask(daemon).BeginHijack("/x").FinishHijack();
        var all = new List<byte>();
        byte[] buffer = new byte[100];
        for (int got; (got = streams.Read(buffer)) > 0;)
        {
            all.AddRange(buffer[..got]);
        }

        Assert.Equal("earlylate", Encoding.UTF8.GetString(all.ToArray()));
    }

    [Fact]
    public void OurSideMayEndFirst()
    {
        using FakeDaemon daemon = new FakeDaemon().On("POST /x", _ => FakeAnswer.Upgrade() with
        {
            Then = stream =>
            {
                while (stream.ReadByte() >= 0)
                {
                }

                stream.Write("after"u8);
            },
        });
        using Hijacked streams = Ask(daemon).BeginHijack("/x").FinishHijack();
        streams.TryWrite("input"u8);
        streams.EndInput();
        byte[] buffer = new byte[100];
        Assert.Equal("after", Encoding.UTF8.GetString(buffer, 0, streams.Read(buffer)));
    }

    [Fact]
    public async Task TcpWorksToo()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        Task serving = Task.Run(() =>
        {
            using TcpClient peer = listener.AcceptTcpClient();
            _ = FakeRequest.Read(peer.GetStream());
            peer.GetStream().Write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"u8);
        });
        string address = $"tcp://127.0.0.1:{((System.Net.IPEndPoint)listener.LocalEndpoint).Port}";
        Assert.Empty(new ApiClient(Endpoint.Parse(address), "").Get("/x").Members);
        await serving;
    }

    [Theory]
    [InlineData("", "/run/berth/berth.sock", "", 0)]
    [InlineData("unix:///a/b", "/a/b", "", 0)]
    [InlineData("unix://", "/run/berth/berth.sock", "", 0)]
    [InlineData("tcp://h:1", null, "h", 1)]
    [InlineData("tcp://h", null, "h", 2375)]
    [InlineData("tcp://", null, "localhost", 2375)]
    [InlineData("h:1", null, "h", 1)]
    [InlineData("tcp://[::1]:5/", null, "::1", 5)]
    [InlineData("tcp://[::1]", null, "::1", 2375)]
    public void AddressesAreRead(string text, string? path, string host, int port)
    {
        Endpoint endpoint = Endpoint.Parse(text);
        Assert.Equal((path, host, port), (endpoint.Path, endpoint.Host, endpoint.Port));
    }

    private static bool TryAgain(ApiClient client)
    {
        try
        {
            client.Get("/x");
            return true;
        }
        catch (ConnectionException)
        {
            return false; // it closed between our look at the connection and the request
        }
    }

    private static FakeDaemon Saying(string answer) => new FakeDaemon().On("GET /x", _ => new FakeAnswer(answer, [], Closes: true));

    private static ApiClient Ask(FakeDaemon daemon) => new(Endpoint.Parse(daemon.Address), "");
}
