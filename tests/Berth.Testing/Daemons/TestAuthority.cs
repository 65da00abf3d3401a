using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Berth.Testing.Daemons;

/// <summary>An authority that no system knows, with a certificate for 127.0.0.1 and localhost, as PEM files in a folder.</summary>
public static class TestAuthority
{
    /// <summary>Writes ca.crt, server.crt and server.key.</summary>
    /// <param name="folder">Made where it is missing.</param>
    /// <param name="address">One more address that the certificate is for.</param>
    public static void Write(string folder, string address = "127.0.0.1")
    {
        using ECDsa authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authority = new CertificateRequest("CN=Berth test authority", authorityKey, HashAlgorithmName.SHA256);
        authority.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        authority.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        DateTimeOffset from = DateTimeOffset.UtcNow.AddDays(-1), until = DateTimeOffset.UtcNow.AddDays(30);
        using X509Certificate2 own = authority.CreateSelfSigned(from, until);

        using ECDsa serverKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var server = new CertificateRequest("CN=localhost", serverKey, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.Parse(address));
        server.CertificateExtensions.Add(names.Build());
        server.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        using X509Certificate2 signed = server.Create(own, from, until, RandomNumberGenerator.GetBytes(8));

        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Join(folder, "ca.crt"), own.ExportCertificatePem());
        File.WriteAllText(Path.Join(folder, "server.crt"), signed.ExportCertificatePem());
        File.WriteAllText(Path.Join(folder, "server.key"), serverKey.ExportPkcs8PrivateKeyPem());
    }
}
