using System.Text;

using Berth.Cli.CommandLine;
using Berth.Cli.Http;
using Berth.Cli.Json;
using Berth.Cli.Registries;
using Berth.Linux.Terminals;

namespace Berth.Cli.Commands.Engine;

/// <summary>berth login and berth logout: credentials checked by the daemon, kept by the client.</summary>
internal static class Login
{
    private const int LongestLine = 64 * 1024;

    public static Command Row { get; } = new("login", "[OPTIONS] [SERVER]", "Log in to a registry (Docker Hub where none is named)")
    {
        Flags = static () =>
        [
            Flag.Text("password", "Password, or a token in its place", 'p'),
            Flag.Bool("password-stdin", "Read the password from STDIN"),
            Flag.Text("username", "User name", 'u'),
        ],
        Words = ArgumentRule.Between(0, 1),
        Group = CommandGroup.Common,
        Run = Execute,
    };

    public static Command Out { get; } = new("logout", "[SERVER]", "Log out of a registry (Docker Hub where none is named)")
    {
        Words = ArgumentRule.Between(0, 1),
        Group = CommandGroup.Common,
        Run = static call =>
        {
            string server = RegistryServer.KeyOf(call.Words.FirstOrDefault(""));
            call.Out.Line(Logins.Of(call.Session).Forget(server) ? $"Removing login credentials for {server}" : $"Not logged in to {server}");
            return 0;
        },
    };

    private static int Execute(Invocation call)
    {
        string server = RegistryServer.KeyOf(call.Words.FirstOrDefault(""));
        Logins logins = Logins.Of(call.Session);
        string user = call.Arguments.Text("username"), password = Password(call);
        if (user.Length == 0 && password.Length == 0 && logins.Find(server) is { } kept)
        {
            call.Out.Line("Authenticating with existing credentials...");
            try
            {
                return Check(call, logins, kept);
            }
            catch (ApiException e) when (e.Status == 401 && Terminal.Is(0))
            {
                call.Err.Line($"Login did not succeed, error: {e.Message}");
            }
        }

        if (user.Length == 0 || password.Length == 0)
        {
            if (!Terminal.Is(0))
            {
                throw new CliException("Error: Cannot perform an interactive login from a non TTY device");
            }

            user = user.Length > 0 ? user : Ask(call, "Username: ", isSecret: false);
            password = password.Length > 0 ? password : Ask(call, "Password: ", isSecret: true);
        }

        return Check(call, logins, new RegistryLogin(server, user, password, ""));
    }

    private static int Check(Invocation call, Logins logins, RegistryLogin login)
    {
        JsonObject answer = call.Api.Object("POST", "/auth", login.ToJson());
        string token = answer.Text("IdentityToken");
        RegistryLogin kept = token.Length > 0 ? login with { Password = "", IdentityToken = token } : login;
        if (logins.Keep(kept) is { } file)
        {
            call.Err.Line($"\nWARNING! Your credentials are stored unencrypted in '{file}'.\nConfigure a credential helper (credsStore in that file) to remove this warning.\n");
        }

        call.Out.Line(answer.Text("Status"));
        return 0;
    }

    private static string Password(Invocation call)
    {
        string given = call.Arguments.Text("password");
        if (given.Length > 0)
        {
            call.Err.Line("WARNING! Using --password via the CLI is insecure. Use --password-stdin.");
        }

        if (!call.Arguments.Is("password-stdin"))
        {
            return given;
        }

        if (given.Length > 0)
        {
            throw new CliException("--password and --password-stdin are mutually exclusive");
        }

        if (call.Arguments.Text("username").Length == 0)
        {
            throw new CliException("Must provide --username with --password-stdin");
        }

        string read = ReadLine(call.Session, untilEnd: true).TrimEnd('\n', '\r');
        return read.Length > 0 ? read : throw new CliException("password is empty");
    }

    private static string Ask(Invocation call, string question, bool isSecret)
    {
        call.Out.Write(question);
        call.Out.Flush();
        using RawTerminal? unechoed = isSecret ? RawTerminal.Enter(0, keepOutput: true) : null;
        string line = ReadLine(call.Session, untilEnd: false);
        if (isSecret)
        {
            call.Out.Line("");
        }

        return line.Length > 0 ? line : throw new CliException(isSecret ? "Error: Password Required" : "Error: Non-null Username Required");
    }

    // Byte by byte, so that the rest of the input answers the next question; a raw terminal's keys are ours to understand.
    private static string ReadLine(Session session, bool untilEnd)
    {
        const byte Interrupt = 3, EndOfInput = 4, Backspace = 8, Delete = 127;
        var line = new List<byte>();
        byte[] one = new byte[1];
        while (line.Count < LongestLine && session.Read(one) > 0)
        {
            switch (one[0])
            {
                case (byte)'\n' or (byte)'\r' or EndOfInput when !untilEnd:
                    return Encoding.UTF8.GetString([.. line]);
                case Interrupt when !untilEnd:
                    throw new CliException("", 130);
                case Backspace or Delete when !untilEnd:
                    line.RemoveRange(Math.Max(0, line.Count - 1), Math.Min(1, line.Count));
                    break;
                default:
                    line.Add(one[0]);
                    break;
            }
        }

        return Encoding.UTF8.GetString([.. line]);
    }
}
