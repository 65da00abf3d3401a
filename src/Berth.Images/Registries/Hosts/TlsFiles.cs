namespace Berth.Images.Registries.Hosts;

/// <summary>Certificates that a registry needs beside the system's.</summary>
/// <param name="Authorities">PEM files of authorities that may vouch for it.</param>
/// <param name="Clients">What it may be shown.</param>
internal sealed record TlsFiles(IReadOnlyList<string> Authorities, IReadOnlyList<ClientCertificateFiles> Clients)
{
    public static readonly TlsFiles None = new([], []);

    /// <summary>Docker's folder: every *.crt is an authority, NAME.cert goes with NAME.key.</summary>
    /// <exception cref="Storage.EngineException">Invalid: one half of a pair is missing.</exception>
    public static TlsFiles OfFolder(string folder)
    {
        string[] files = [.. Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal)];
        var clients = new List<ClientCertificateFiles>();
        foreach (string file in files)
        {
            string other = Path.ChangeExtension(file, Path.GetExtension(file) == ".cert" ? ".key" : ".cert");
            if (Path.GetExtension(file) is ".cert" or ".key" && !files.Contains(other))
            {
                throw Storage.EngineException.Invalid($"{other} is missing: {file} has no use without it. Certificates of authorities are named *.crt");
            }

            if (Path.GetExtension(file) == ".cert")
            {
                clients.Add(new ClientCertificateFiles(file, other));
            }
        }

        return new TlsFiles([.. files.Where(f => Path.GetExtension(f) == ".crt")], clients);
    }
}
