using System.Text;
using System.Text.RegularExpressions;

using Berth.Build.Ignore;

using CsCheck;

namespace Berth.Build.Tests.Ignore;

public sealed class IgnorePropertyTests
{
    private static readonly Gen<string> Name = Gen.String[Gen.Char["ab."], 1, 3].Where(n => n is not ("." or ".."));
    private static readonly Gen<string> Path = Name.List[1, 4].Select(names => string.Join('/', names));

    private static readonly Gen<string> Part = Gen.Frequency(
        (4, Name),
        (3, Gen.Int[0, 9].Select(i => new[] { "*", "**", "?", "a*", "*b", "**a", "[ab]", "[^a]*", "a**", "\\a" }[i])));

    private static readonly Gen<string> Pattern = Gen.Select(Gen.Int[0, 3], Part.List[1, 4], (mark, parts) => (mark == 0 ? "!" : "") + string.Join('/', parts));

    [Fact]
    public void AgreesWithTheNaiveMatcher() => Gen.Select(Pattern.List[0, 5], Path).Sample(
        (patterns, path) => Assert.Equal(Naive(patterns, path), new IgnoreMatcher(patterns).IsIgnored(path)), iter: 20_000);

    [Fact]
    public void AWalkAgreesWithAsking() => Gen.Select(Pattern.List[0, 5], Path).Sample(
        (patterns, path) =>
        {
            var matcher = new IgnoreMatcher(patterns);
            IgnoreMatch? match = null;
            bool skipped = false;
            foreach (string above in Prefixes(path))
            {
                match = matcher.Match(above, match);
                Assert.Equal(matcher.IsIgnored(above), match.IsIgnored);

                // Below a folder that may be skipped everything is ignored.
                Assert.False(skipped && !match.IsIgnored, above);
                skipped |= matcher.CanSkip(above, match);
            }
        },
        iter: 10_000);

    [Fact]
    public void WithoutExceptionsIgnoredFoldersAreSkipped() => Gen.Select(Pattern.List[1, 5], Path).Sample((patterns, path) =>
    {
        var matcher = new IgnoreMatcher([.. patterns.Select(p => p.TrimStart('!'))]);
        Assert.False(matcher.HasExceptions);
        IgnoreMatch match = matcher.Match(path, null);
        Assert.Equal(match.IsIgnored, matcher.CanSkip(path, match));
    });

    [Fact]
    public void AnExceptionBelowKeepsAFolderOpen()
    {
        var matcher = new IgnoreMatcher(["node_modules", "docs", "!docs/*/README.md"]);
        Assert.True(matcher.CanSkip("node_modules", matcher.Match("node_modules", null)));
        Assert.False(matcher.CanSkip("docs", matcher.Match("docs", null)));
        Assert.False(matcher.IsIgnored("docs/a/README.md"));
        Assert.True(matcher.IsIgnored("docs/README.md"));
    }

    [Fact]
    public void OnlyTheDeclaredExceptionIsThrown() => Gen.Select(Gen.String[Gen.Char["a*?[]^-\\!/ .#\n\0é\uD800"], 0, 20], Gen.String[Gen.Char["a/.\\*é\uDC00"], 0, 20]).Sample(
        (text, path) =>
        {
            try
            {
                new IgnoreMatcher(IgnoreFile.Read(text)).IsIgnored(path);
            }
            catch (IgnoreException)
            {
            }
        },
        iter: 10_000);

    [Fact]
    public void ManyStarsCostNoMoreThanTheirProduct()
    {
        string pattern = string.Concat(Enumerable.Repeat("*a", 1000)) + "b";
        Assert.False(new IgnoreMatcher([pattern]).IsIgnored(new string('a', 4000)));
    }

    private static bool Naive(IEnumerable<string> patterns, string path)
    {
        bool ignored = false;
        foreach (string pattern in patterns)
        {
            bool isException = pattern.StartsWith('!');
            if (Prefixes(path).Any(p => Matches(isException ? pattern[1..] : pattern, p)))
            {
                ignored = !isException;
            }
        }

        return ignored;
    }

    private static IEnumerable<string> Prefixes(string path)
    {
        string[] names = path.Split('/');
        return Enumerable.Range(1, names.Length).Select(n => string.Join('/', names[..n]));
    }

    // One pattern and one path, by a regular expression.
    private static bool Matches(string pattern, string path)
    {
        bool isPlainSuffix = pattern.StartsWith("**", StringComparison.Ordinal) && !Regex.IsMatch(pattern[2..], @"[*?\[\]\\]");
        if (isPlainSuffix)
        {
            string suffix = pattern[2..];
            return path.EndsWith(suffix, StringComparison.Ordinal) || (suffix.StartsWith('/') && path == suffix[1..]);
        }

        var regex = new StringBuilder("^");
        for (int i = 0; i < pattern.Length; i++)
        {
            bool isDouble = pattern[i] == '*' && i + 1 < pattern.Length && pattern[i + 1] == '*';
            if (isDouble)
            {
                i += i + 2 < pattern.Length && pattern[i + 2] == '/' ? 2 : 1;
                regex.Append(i + 1 == pattern.Length ? ".*" : "(.*/)?");
                continue;
            }

            regex.Append(pattern[i] switch { '*' => "[^/]*", '?' => "[^/]", '.' => @"\.", '\\' => Regex.Escape(pattern[++i].ToString()), char c => c.ToString() });
        }

        return Regex.IsMatch(path, regex + "$");
    }
}
