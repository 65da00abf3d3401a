using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Text.Json;

using Berth.Cli.Json;
using Berth.Linux.Signals;

namespace Berth.Cli.Registries;

/// <summary>A program docker-credential-NAME that keeps credentials (docker-credential-helpers: "Development").</summary>
/// <param name="name">The end of its name.</param>
/// <param name="path">The folders it is looked for in, with colons between them.</param>
internal sealed class CredentialHelper(string name, string path)
{
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
        using RestoredSignal pipes = SignalDisposition.IgnoreBrokenPipes(); // of the helper's: it may end without reading
        try
        {
            // Its standard error is the user's: it may ask there.
            using Process process = Process.Start(new ProcessStartInfo(program, [action]) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false })!;
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            Feed(process, input);
            string text = output.GetAwaiter().GetResult();
            process.WaitForExit();
            return (process.ExitCode, text);
        }
        catch (Win32Exception e)
        {
            throw new CliException($"the credential helper {Program} cannot be run: {e.Message}");
        }
    }

    private static void Feed(Process process, string input)
    {
        try
        {
            process.StandardInput.Write(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading: its exit code and words tell why.
        }
    }
}
