using System.Text;

using Berth.Cli.CommandLine;

namespace Berth.Cli.Tests;

/// <summary>Runs a command line inside the test and keeps what it printed.</summary>
internal static class Client
{
    /// <summary>The moment all ages in golden files are counted to.</summary>
    public static DateTimeOffset Now { get; } = DateTimeOffset.FromUnixTimeSeconds(1795502229 + 90);

    public static ClientResult Run(FakeDaemon? daemon, params string[] words) => Run("berth", daemon, words);

    public static ClientResult Run(string program, FakeDaemon? daemon, string[] words, Func<string, string?>? environment = null, string input = "")
    {
        using var typed = new MemoryStream(Encoding.UTF8.GetBytes(input));
        var output = new StringBuilder();
        var error = new StringBuilder();
        var session = new Session(program, Sink(output), Sink(error), environment ?? (name => name == "DOCKER_HOST" ? daemon?.Address : null))
        {
            Now = () => Now,
            Read = buffer => typed.Read(buffer, 0, buffer.Length),
        };
        int code = new Dispatcher(session).Run(words);
        return new ClientResult(code, output.ToString(), error.ToString());
    }

    private static Output Sink(StringBuilder into) => new(bytes => into.Append(Encoding.UTF8.GetString(bytes.Span)), buffered: false, terminal: -1);
}
