using System.Text;
using System.Text.Json;

using Berth.Storage;

namespace Berth.Images.Registries;

/// <summary>What a user shows to a registry. Never in a log or an error: <see cref="ToString"/> says nothing.</summary>
public sealed record RegistryCredentials
{
    private const int LongestHeader = 64 << 10;

    public string? Username { get; init; }

    public string? Password { get; init; }

    /// <summary>Asks a token server for tokens, in place of name and password.</summary>
    public string? IdentityToken { get; init; }

    /// <summary>Is sent as it stands.</summary>
    public string? RegistryToken { get; init; }

    /// <summary>The registry they are for, as the client wrote it.</summary>
    public string? ServerAddress { get; init; }

    /// <summary>Nothing that could be shown.</summary>
    public bool IsEmpty => string.IsNullOrEmpty(Username) && string.IsNullOrEmpty(Password) && string.IsNullOrEmpty(IdentityToken) && string.IsNullOrEmpty(RegistryToken);

    /// <summary>Reads a client's X-Registry-Auth header: base64 (of either alphabet) of JSON. Null: there are none in it.</summary>
    /// <exception cref="EngineException">Invalid: it is something else.</exception>
    public static RegistryCredentials? FromHeader(string? header)
    {
        if (string.IsNullOrWhiteSpace(header))
        {
            return null;
        }

        if (header.Length > LongestHeader)
        {
            throw EngineException.Invalid($"the header X-Registry-Auth is longer than {LongestHeader >> 10} KiB");
        }

        try
        {
            string text = header.Trim().TrimEnd('=').Replace('-', '+').Replace('_', '/');
            byte[] json = Convert.FromBase64String(text + new string('=', (4 - (text.Length % 4)) % 4));
            return json.Length == 0 ? null : Parse(json);
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            // Without the reason: it would quote the secret.
            throw EngineException.Invalid("the header X-Registry-Auth cannot be read: base64 of a JSON object with username, password, identitytoken or registrytoken is wanted");
        }
    }

    /// <summary>From the members that clients send; <paramref name="auth"/> stands for name and password.</summary>
    public static RegistryCredentials Of(string? username, string? password, string? auth, string? identityToken, string? registryToken, string? serverAddress)
    {
        (string Name, string Password)? both = string.IsNullOrEmpty(auth) || !string.IsNullOrEmpty(username) ? null : Split(auth);
        return new RegistryCredentials
        {
            Username = both?.Name ?? username, Password = both?.Password ?? password, IdentityToken = identityToken, RegistryToken = registryToken, ServerAddress = serverAddress,
        };
    }

    private static RegistryCredentials? Parse(ReadOnlySpan<byte> json)
    {
        CredentialsDocument? given = JsonSerializer.Deserialize(json, RegistryJson.Default.CredentialsDocument);
        RegistryCredentials? credentials = given is null ? null : Of(given.Username, given.Password, given.Auth, given.IdentityToken, given.RegistryToken, given.ServerAddress);
        return credentials is null || credentials.IsEmpty ? null : credentials;
    }

    // The two halves of "auth" in a client's configuration. Null: it is none.
    private static (string Name, string Password)? Split(string auth)
    {
        try
        {
            string both = Encoding.UTF8.GetString(Convert.FromBase64String(auth));
            int colon = both.IndexOf(':', StringComparison.Ordinal);
            return colon < 0 ? null : (both[..colon], both[(colon + 1)..].TrimEnd('\0'));
        }
        catch (FormatException)
        {
            return null;
        }
    }

    public override string ToString() => "credentials";
}
