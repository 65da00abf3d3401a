using System.Text;
using System.Text.Json;

using Berth.Cli.Json;
using Berth.Linux;
using Berth.Linux.Files;
using Berth.Linux.Polling;
using Berth.Linux.Processes;
using Berth.Linux.Signals;

namespace Berth.Cli.Registries;

/// <summary>A program docker-credential-NAME that keeps credentials (docker-credential-helpers: "Development").</summary>
/// <param name="name">The end of its name.</param>
/// <param name="path">The folders it is looked for in, with colons between them.</param>
internal sealed class CredentialProgram(string name, string path)
{
    private const int LongestAnswer = 1 << 20;
    private const string NotFound = "credentials not found in native keychain";

    private string Program => $"docker-credential-{name}";

    /// <summary>Null: it has none for the registry.</summary>
    /// <exception cref="CliException">It cannot be run, or failed.</exception>
    public RegistryLogin? Find(string server)
    {
        (int code, string output) = Run("get", server);
        if (code != 0)
        {
            return output.Trim() == NotFound ? null : throw Failed("get", output);
        }

        try
        {
            JsonObject answer = JsonParser.ParseObject(Encoding.UTF8.GetBytes(output));
            string user = answer.Text("Username"), secret = answer.Text("Secret");
            return user == RegistryLogin.TokenUser ? new RegistryLogin(server, "", "", secret) : new RegistryLogin(server, user, secret, "");
        }
        catch (JsonException)
        {
            throw new CliException($"{Program} answered no valid JSON"); // which is not shown: it may hold the secret
        }
    }

    /// <exception cref="CliException">It cannot be run, or failed.</exception>
    public void Keep(RegistryLogin login)
    {
        bool isToken = login.IdentityToken.Length > 0;
        string request = new JsonBuilder().Text("ServerURL", login.Server).Text("Username", isToken ? RegistryLogin.TokenUser : login.Username)
            .Text("Secret", isToken ? login.IdentityToken : login.Password).Close();
        (int code, string output) = Run("store", request);
        if (code != 0)
        {
            throw Failed("store", output);
        }
    }

    /// <exception cref="CliException">It cannot be run, or failed.</exception>
    public void Forget(string server)
    {
        (int code, string output) = Run("erase", server);
        if (code != 0 && output.Trim() != NotFound)
        {
            throw Failed("erase", output);
        }
    }

    private CliException Failed(string action, string output) => new($"error {action switch { "get" => "getting", "store" => "storing", _ => "erasing" }} credentials - {Program}: {output.Trim()}");

    private (int Code, string Output) Run(string action, string input)
    {
        if (name.AsSpan().ContainsAny('/', '\0'))
        {
            throw new CliException($"\"{name}\" is no name of a credential helper");
        }

        string program = path.Split(':').Where(static folder => folder.StartsWith('/')).Select(folder => Path.Join(folder, Program)).FirstOrDefault(File.Exists)
            ?? throw new CliException($"the credential helper {Program} is not in the PATH");
        try
        {
            return Run(program, action, input);
        }
        catch (LinuxException e)
        {
            throw new CliException($"the credential helper {program} cannot be run: {e.Message}");
        }
    }

    // Without the class Process, which would make every start of this program dearer.
    private static (int Code, string Output) Run(string program, string action, string input)
    {
        using var given = new Pipe();
        using var answered = new Pipe();
        var error = new FileDescriptor(2); // the user's: it may ask there
        int pid;
        try
        {
            pid = Spawn.Start(new SpawnRequest
            {
                Program = program,
                Arguments = [program, action],
                Environment = [.. Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>().Select(static v => $"{v.Key}={v.Value}")],
                Descriptors = [given.Reader, answered.Writer, error],
                OwnSession = false,
            });
        }
        finally
        {
            error.Release(); // not ours to close
        }

        using FileDescriptor child = PidFd.Open(pid);
        given.Reader.Dispose();
        answered.Writer.Dispose();
        Feed(given, input);
        string output = Encoding.UTF8.GetString(SmallFile.ReadBytes(answered.Reader, program, LongestAnswer));
        Span<PollItem> ended = [new PollItem { Number = child.Number, Wanted = PollEvents.Readable }];
        _ = Poll.Wait(ended);
        return (PidFd.TryReap(child) ?? -1, output);
    }

    private static void Feed(Pipe given, string input)
    {
        using RestoredSignal pipes = SignalDisposition.IgnoreBrokenPipes();
        try
        {
            FileWrite.All(given.Writer, Encoding.UTF8.GetBytes(input), "a credential helper");
        }
        catch (LinuxException e) when (e.Errno == Errno.EPIPE)
        {
            // It ended without reading: its exit code and words tell why.
        }

        given.Writer.Dispose();
    }
}
