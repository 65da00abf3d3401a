using System.Text.RegularExpressions;

namespace Berth.Architecture.Tests;

/// <summary>Rules of the house that no analyzer knows.</summary>
public sealed class SourceRulesTests
{
    [Fact]
    public void NoFileIsOver500Lines() =>
        Assert.DoesNotContain(Checkout.Sources(), f => File.ReadLines(f).Count() > 500);

    [Fact]
    public void NothingSleepsOrIsUnfinished() =>
        Assert.DoesNotContain(Checkout.Sources(), f => Regex.IsMatch(File.ReadAllText(f), @"Thread\.Sleep\(|NotImplementedException|\bTODO\b|\bFIXME\b"));

    [Fact]
    public void NamesAreTheFieldsOwn() =>
        Assert.DoesNotContain(Checkout.Sources(), f => Regex.IsMatch(Path.GetFileNameWithoutExtension(f), "(Helper|Helpers|Util|Utils|Manager)$"));

    /// <summary>The client is a static program: with cryptography OpenSSL would be loaded, and with it a second libc, at which it crashes.</summary>
    [Fact]
    public void TheClientUsesNoCryptography() =>
        Assert.DoesNotContain(
            Checkout.Sources().Where(static f => f.Contains("/src/Berth.Cli/", StringComparison.Ordinal)), f => Regex.IsMatch(File.ReadAllText(f), @"Cryptography|Digest\.Of\("));

    /// <summary>STYLE: only DataRoot joins strings to a path of the data root.</summary>
    [Fact]
    public void OnlyDataRootKnowsTheDataFolder() =>
        Assert.DoesNotContain(
            Checkout.Sources().Where(f => !f.EndsWith("/DataRoot.cs", StringComparison.Ordinal)),
            f => File.ReadAllText(f).Contains("\"/var/lib/berth", StringComparison.Ordinal));
}
