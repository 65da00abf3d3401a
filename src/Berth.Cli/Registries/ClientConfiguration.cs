using System.Text;
using System.Text.Json;

using Berth.Cli.Json;
using Berth.Cli.Specs;

namespace Berth.Cli.Registries;

/// <summary>Docker's config.json, of which only logins are read and changed here; everything else in it stays as it is.</summary>
internal sealed class ClientConfiguration
{
    private const string Auths = "auths";

    private readonly JsonObject document;

    private ClientConfiguration(string path, JsonObject document) => (Path, this.document) = (path, document);

    public string Path { get; }

    /// <summary>The helper for all registries; empty: none.</summary>
    public string Store => document.Text("credsStore");

    /// <summary>Where Docker's clients keep what is theirs.</summary>
    public static string FolderOf(Session session) => session.Variable("DOCKER_CONFIG") ?? System.IO.Path.Join(session.Variable("HOME") ?? "/", ".docker");

    /// <summary>Reads $DOCKER_CONFIG/config.json, else ~/.docker/config.json. A missing file is an empty one.</summary>
    /// <exception cref="CliException">It cannot be read.</exception>
    public static ClientConfiguration Load(Session session)
    {
        string path = System.IO.Path.Join(FolderOf(session), "config.json");
        try
        {
            byte[] text = File.ReadAllBytes(path);
            return new ClientConfiguration(path, text.AsSpan().Trim(" \t\r\n"u8).IsEmpty ? new JsonObject() : JsonParser.ParseObject(text));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return new ClientConfiguration(path, new JsonObject());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CliException($"open {path}: {FileReason.Of(e)}");
        }
        catch (JsonException e)
        {
            throw new CliException($"{path} is no valid configuration: {e.Message}");
        }
    }

    /// <summary>The helper that keeps a registry's credentials; null: this file does.</summary>
    public string? HelperFor(string server) =>
        document.Object("credHelpers").Text(server) is { Length: > 0 } own ? own : Store.Length > 0 ? Store : null;

    /// <summary>What this file keeps; null: nothing.</summary>
    public RegistryLogin? Find(string server) => FindKey(server) is { } key ? Read(server, document.Object(Auths).Object(key)) : null;

    /// <summary>Keeps credentials in this file, unencrypted.</summary>
    public void Keep(RegistryLogin login)
    {
        var entry = new JsonObject();
        if (login.IdentityToken.Length > 0)
        {
            entry.Add("auth", Encode(login.Username, "")).Add("identitytoken", login.IdentityToken);
        }
        else
        {
            entry.Add("auth", Encode(login.Username, login.Password));
        }

        document.Set(Auths, Without(FindKey(login.Server)).Add(login.Server, entry));
        Save();
    }

    /// <summary>Notes that there is a login which a helper keeps: other clients look for the entry.</summary>
    public void Note(string server)
    {
        document.Set(Auths, Without(FindKey(server)).Add(server, new JsonObject()));
        Save();
    }

    /// <summary>False: there was none.</summary>
    public bool Forget(string server)
    {
        if (FindKey(server) is not { } key)
        {
            return false;
        }

        document.Set(Auths, Without(key));
        Save();
        return true;
    }

    private string? FindKey(string server) =>
        document.Object(Auths).Members.Select(static m => m.Key).OrderByDescending(key => key == server)
            .FirstOrDefault(key => key == server || RegistryServer.KeyOf(key) == server);

    private JsonObject Without(string? key)
    {
        var rest = new JsonObject();
        foreach ((string name, object? value) in document.Object(Auths).Members.Where(m => m.Key != key))
        {
            rest.Add(name, value);
        }

        return rest;
    }

    private static RegistryLogin? Read(string server, JsonObject entry)
    {
        string both = entry.Text("auth") is { Length: > 0 } auth ? Decode(auth) : $"{entry.Text("username")}:{entry.Text("password")}";
        int colon = both.IndexOf(':', StringComparison.Ordinal);
        string token = entry.Text("identitytoken");
        return colon > 0 || token.Length > 0
            ? new RegistryLogin(server, colon < 0 ? "" : both[..colon], colon < 0 ? "" : both[(colon + 1)..].TrimEnd('\0'), token)
            : null;
    }

    private static string Encode(string username, string password) => Convert.ToBase64String(Encoding.UTF8.GetBytes($"{username}:{password}"));

    private static string Decode(string auth)
    {
        try
        {
            return Encoding.UTF8.GetString(Convert.FromBase64String(auth));
        }
        catch (FormatException)
        {
            return ""; // as if there were none
        }
    }

    // Aside and renamed, so that another client never reads half of it; for the user alone.
    private void Save()
    {
        string folder = System.IO.Path.GetDirectoryName(Path)!;
        string aside = System.IO.Path.Join(folder, $"config.json.{Environment.ProcessId}");
        try
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            using (var file = new FileStream(aside, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }))
            {
                file.Write(Encoding.UTF8.GetBytes(JsonText.Indented(document, "\t")));
            }

            // Where it is a link, what it points to is written, as by Docker.
            bool isLink = new FileInfo(Path).LinkTarget is not null;
            File.Move(aside, isLink ? File.ResolveLinkTarget(Path, returnFinalTarget: true)?.FullName ?? Path : Path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CliException($"the login cannot be kept in {Path}: {FileReason.Of(e)}");
        }
    }
}
