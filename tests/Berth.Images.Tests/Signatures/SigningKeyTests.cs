using System.Security.Cryptography;
using System.Text;

using Berth.Images.Signatures;
using Berth.Testing.Processes;

namespace Berth.Images.Tests.Signatures;

/// <summary>Keys of every kind, against openssl and the specification's own examples.</summary>
public sealed class SigningKeyTests
{
    /// <summary>RFC 8032, section 7.1.</summary>
    [Theory]
    [InlineData("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "", "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b")]
    [InlineData("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72", "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")]
    [InlineData("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82", "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a")]
    public void Ed25519FollowsTheSpecification(string key, string data, string signature)
    {
        byte[] k = Convert.FromHexString(key), d = Convert.FromHexString(data), s = Convert.FromHexString(signature);
        SigningKey signer = SigningKey.Parse(Encoding.ASCII.GetBytes(PemEncoding.WriteString("PUBLIC KEY", [.. Convert.FromHexString("302a300506032b6570032100"), .. k])), "k.pub");
        Assert.True(signer.Verifies(d, s));
        Assert.False(signer.Verifies([.. d, 0], s));
        for (int i = 0; i < s.Length; i += 9)
        {
            byte[] changed = [.. s];
            changed[i] ^= 1;
            Assert.False(signer.Verifies(d, changed));
        }

        Assert.False(signer.Verifies(d, s[..63]));

        // S + L would verify where it is not reduced: one signature must not have two forms (section 5.1.7).
        var order = System.Numerics.BigInteger.Pow(2, 252) + System.Numerics.BigInteger.Parse("27742317777372353535851937790883648493", System.Globalization.CultureInfo.InvariantCulture);
        byte[] larger = (new System.Numerics.BigInteger(s.AsSpan(32), isUnsigned: true) + order).ToByteArray(isUnsigned: true);
        Assert.False(signer.Verifies(d, [.. s[..32], .. larger, .. new byte[32 - larger.Length]]));
    }

    [Theory]
    [InlineData("ed25519", "-rawin")]
    [InlineData("EC -pkeyopt ec_paramgen_curve:P-256", "-rawin -digest sha256")]
    [InlineData("EC -pkeyopt ec_paramgen_curve:P-384", "-rawin -digest sha256")]
    [InlineData("RSA -pkeyopt rsa_keygen_bits:2048", "-rawin -digest sha256")]
    public async Task WhatOpensslSignedIsVerified(string algorithm, string signing)
    {
        string folder = Directory.CreateTempSubdirectory("berth-key-").FullName;
        try
        {
            byte[] data = Encoding.UTF8.GetBytes("a payload of some length");
            await File.WriteAllBytesAsync(Path.Join(folder, "data"), data, TestContext.Current.CancellationToken);
            string script = $"set -e; cd {folder}; openssl genpkey -algorithm {algorithm} -out k; openssl pkey -in k -pubout -out k.pub; openssl pkeyutl -sign -inkey k {signing} -in data -out sig";
            _ = (await Run.Async("bash", ["-c", script], null)).Text;
            byte[] signature = await File.ReadAllBytesAsync(Path.Join(folder, "sig"), TestContext.Current.CancellationToken);
            var key = SigningKey.Parse(await File.ReadAllBytesAsync(Path.Join(folder, "k.pub"), TestContext.Current.CancellationToken), "k.pub");
            Assert.True(key.Verifies(data, signature));
            Assert.False(key.Verifies([.. data, 1], signature));
            Assert.False(key.Verifies(data, []));
            signature[^1] ^= 1;
            Assert.False(key.Verifies(data, signature));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void AnotherKeyDoesNotVerify()
    {
        using Signer one = new(), other = new();
        byte[] payload = Signer.Payload("sha256:" + new string('a', 64), "x");
        var key = SigningKey.Parse(Encoding.ASCII.GetBytes(one.PublicKey), "k");
        Assert.True(key.Verifies(payload, Convert.FromBase64String(one.Sign(payload))));
        Assert.False(key.Verifies(payload, Convert.FromBase64String(other.Sign(payload))));
    }
}
