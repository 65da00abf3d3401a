using Berth.Cli.CommandLine;

using CsCheck;

namespace Berth.Cli.Tests.CommandLine;

public sealed class FlagParserTests
{
    private static readonly Flag[] Table =
    [
        Flag.Bool("interactive", "", 'i'), Flag.Bool("tty", "", 't'), Flag.Bool("rm", ""), Flag.List("publish", "", 'p'), Flag.List("env", "", 'e'), Flag.Text("name", ""),
        Flag.Int("cpu-shares", "", 'c'), Flag.Bytes("memory", "", 'm'), Flag.Duration("wait", ""), Flag.List("label", "", 'l'), Flag.List("link", "") with { SingleDash = true },
        Flag.List("net", "") with { SameAs = "network" }, Flag.List("network", ""), Flag.Bool("old", "") with { Deprecated = "use --new" },
    ];

    [Theory]
    [InlineData("-it img", "interactive=true tty=true", "img")]
    [InlineData("-ti=false img", "tty=true interactive=false", "img")]
    [InlineData("-p80:80 img", "publish=80:80", "img")]
    [InlineData("-p=80:80 img", "publish=80:80", "img")]
    [InlineData("-p 80:80 -p 81:81 img", "publish=80:80,81:81", "img")]
    [InlineData("-itp 80:80 img", "interactive=true tty=true publish=80:80", "img")]
    [InlineData("--name=x img", "name=x", "img")]
    [InlineData("--name x img", "name=x", "img")]
    [InlineData("--name= img", "name=", "img")]
    [InlineData("--name -x img", "name=-x", "img")]
    [InlineData("--name --rm img", "name=--rm", "img")]
    [InlineData("-e A -e B=c img", "env=A,B=c", "img")]
    [InlineData("--rm img -it", "rm=true", "img,-it")]
    [InlineData("--rm=false img", "rm=false", "img")]
    [InlineData("--rm -- -it", "rm=true", "-it")]
    [InlineData("-", "", "-")]
    [InlineData("img ls -la", "", "img,ls,-la")]
    [InlineData("-link a:b img", "link=a:b", "img")]
    [InlineData("-link=a:b img", "link=a:b", "img")]
    [InlineData("-lx img", "label=x", "img")]
    [InlineData("--net a --network b img", "network=a,b", "img")]
    [InlineData("--rm true", "rm=true", "true")]
    public void ReadsAsPflag(string line, string flags, string words)
    {
        Arguments given = FlagParser.Parse(Table, line.Split(' '), stopAtFirstWord: true);
        foreach (string pair in flags.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = pair.Split('=', 2);
            Assert.Equal(parts[1], string.Join(',', given.All(parts[0])));
        }

        Assert.Equal(words, string.Join(',', given.Words));
    }

    [Theory]
    [InlineData("--foo", "unknown flag: --foo")]
    [InlineData("--foo=1", "unknown flag: --foo")]
    [InlineData("-x", "unknown shorthand flag: 'x' in -x")]
    [InlineData("-itx", "unknown shorthand flag: 'x' in -x")]
    [InlineData("--name", "flag needs an argument: --name")]
    [InlineData("-p", "flag needs an argument: 'p' in -p")]
    [InlineData("-itp", "flag needs an argument: 'p' in -itp")]
    [InlineData("--=x", "bad flag syntax: --=x")]
    [InlineData("---x", "bad flag syntax: ---x")]
    [InlineData("--rm=maybe", "invalid argument \"maybe\" for \"--rm\" flag: strconv.ParseBool: parsing \"maybe\": invalid syntax")]
    [InlineData("-c x", "invalid argument \"x\" for \"-c, --cpu-shares\" flag: strconv.ParseInt: parsing \"x\": invalid syntax")]
    [InlineData("-c 99999999999999999999", "invalid argument \"99999999999999999999\" for \"-c, --cpu-shares\" flag: strconv.ParseInt: parsing \"99999999999999999999\": value out of range")]
    [InlineData("-m x", "invalid argument \"x\" for \"-m, --memory\" flag: invalid size: 'x'")]
    [InlineData("--memory 5xb", "invalid argument \"5xb\" for \"-m, --memory\" flag: invalid suffix: 'xb'")]
    [InlineData("--wait 5", "invalid argument \"5\" for \"--wait\" flag: time: missing unit in duration \"5\"")]
    [InlineData("-link", "flag needs an argument: -link")]
    public void RefusesAsPflag(string line, string message) =>
        Assert.Equal(message, Assert.Throws<UsageException>(() => FlagParser.Parse(Table, line.Split(' '), stopAtFirstWord: true)).Message);

    [Fact]
    public void FlagsMayFollowWordsWhereTheCommandAllowsIt()
    {
        Arguments given = FlagParser.Parse(Table, ["a", "--rm", "b", "-it"], stopAtFirstWord: false);
        Assert.Equal(["a", "b"], given.Words);
        Assert.True(given.Is("rm") && given.Is("tty"));
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("--rm --help img")]
    public void AsksForHelp(string line) => Assert.True(FlagParser.Parse(Table, line.Split(' '), stopAtFirstWord: true).WantsHelp);

    [Fact]
    public void SaysWhatIsDeprecated() => Assert.Equal(["Flag --old has been deprecated, use --new"], FlagParser.Parse(Table, ["--old"], true).Warnings);

    /// <summary>Whatever the values are, three ways of writing a flag mean the same.</summary>
    [Fact]
    public void SpellingsAreEqual() => Gen.String.Where(s => s.Length > 0).List[1, 5].Sample(values =>
    {
        var apart = FlagParser.Parse(Table, values.SelectMany(v => new[] { "--env", v }).Append("img"), true);
        var joined = FlagParser.Parse(Table, values.Select(v => $"--env={v}").Append("img"), true);
        var letters = FlagParser.Parse(Table, values.SelectMany(v => new[] { "-e", v }).Append("img"), true);
        return apart.All("env").SequenceEqual(values) && joined.All("env").SequenceEqual(values) && letters.All("env").SequenceEqual(values);
    });

    /// <summary>Nothing a user types can do more than be refused.</summary>
    [Fact]
    public void NeverFailsOtherwise() => Gen.String[Gen.Char["-=ipterm x."], 0, 8].Array[0, 6].Sample(words =>
    {
        try
        {
            FlagParser.Parse(Table, words, stopAtFirstWord: false);
        }
        catch (UsageException)
        {
        }
    });
}
