using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

using Berth.Images.Registries.Hosts;
using Berth.Storage;

namespace Berth.Images.Registries.Http;

/// <summary>Certificates of one endpoint: the system's authorities and those of its folder may vouch for it, and it may be shown one of the user's.</summary>
internal sealed class ServerTrust : IDisposable
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    private readonly X509Certificate2Collection _authorities = [];
    private readonly X509Certificate2Collection _clients = [];
    private readonly bool _skipVerify;

    /// <exception cref="EngineException">Invalid: a file cannot be read as what it is for.</exception>
    public ServerTrust(RegistryEndpoint endpoint)
    {
        _skipVerify = endpoint.SkipVerify;
        foreach (string file in endpoint.Tls.Authorities)
        {
            Read(file, () => _authorities.ImportFromPemFile(file));
        }

        foreach (ClientCertificateFiles pair in endpoint.Tls.Clients)
        {
            Read(pair.Certificate, () => _clients.Add(X509Certificate2.CreateFromPemFile(pair.Certificate, pair.Key)));
        }
    }

    public SslClientAuthenticationOptions Options()
    {
        var options = new SslClientAuthenticationOptions { CertificateRevocationCheckMode = X509RevocationMode.NoCheck };
        if (_clients.Count > 0)
        {
            options.ClientCertificates = _clients;
            options.LocalCertificateSelectionCallback = (_, _, _, _, _) => _clients[0];
        }

        if (_skipVerify)
        {
#pragma warning disable CA5359 // Asked for by name: skip_verify, or --insecure-registry.
            options.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
        }
        else if (_authorities.Count > 0)
        {
            options.RemoteCertificateValidationCallback = (_, certificate, chain, errors) => IsTrusted(certificate, chain, errors);
        }

        return options;
    }

    public void Dispose()
    {
        foreach (X509Certificate2 certificate in _authorities.Concat(_clients))
        {
            certificate.Dispose();
        }
    }

    private bool IsTrusted(X509Certificate? certificate, X509Chain? sent, SslPolicyErrors errors)
    {
        if (errors != SslPolicyErrors.RemoteCertificateChainErrors || certificate is not X509Certificate2 server)
        {
            return errors == SslPolicyErrors.None; // a wrong name or none at all is not for authorities to mend
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_authorities);
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ServerAuthentication));
        chain.ChainPolicy.ExtraStore.AddRange(sent?.ChainPolicy.ExtraStore ?? []);
        return chain.Build(server);
    }

    private static void Read(string file, Action read)
    {
        try
        {
            read();
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw EngineException.Invalid($"{file} cannot be used for a registry: {e.Message}", e);
        }
    }
}
