using Berth.Oci.References;

namespace Berth.Cli.Registries;

/// <summary>The user's logins, wherever they are kept.</summary>
/// <param name="configuration">The user's file.</param>
/// <param name="path">Where helpers are looked for.</param>
internal sealed class Logins(ClientConfiguration configuration, string path)
{
    public static Logins Of(Session session) => new(ClientConfiguration.Load(session), session.Variable("PATH") ?? "/usr/local/bin:/usr/bin:/bin");

    /// <summary>Null: none.</summary>
    public RegistryLogin? Find(string server) => configuration.HelperFor(server) is { } helper ? new CredentialProgram(helper, path).Find(server) : configuration.Find(server);

    /// <summary>Header lines for a request about an image; empty: no credentials.</summary>
    public string HeaderFor(ImageReference image) => Find(RegistryServer.KeyOf(image))?.ToHeader() ?? "";

    /// <summary>The path of the file where the password now stands unencrypted; null: a helper has it.</summary>
    public string? Keep(RegistryLogin login)
    {
        if (configuration.HelperFor(login.Server) is { } helper)
        {
            new CredentialProgram(helper, path).Keep(login);
            configuration.Note(login.Server);
            return null;
        }

        configuration.Keep(login);
        return configuration.Path;
    }

    /// <summary>False: there was none.</summary>
    public bool Forget(string server)
    {
        bool had = false;
        if (configuration.HelperFor(server) is { } helper)
        {
            had = new CredentialProgram(helper, path).Find(server) is not null;
            new CredentialProgram(helper, path).Forget(server);
        }

        return configuration.Forget(server) || had;
    }
}
