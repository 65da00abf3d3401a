namespace Berth.Cli.Tests.Commands;

public sealed class ArchiveCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("berth-cli-").FullName;

    private string Target => Path.Join(_folder, "out.tar");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("commit a", "POST /commit?container=a&pause=1")]
    [InlineData("commit -p=false -a me -m why a host:5000/b:c", "POST /commit?container=a&repo=host:5000%2Fb&tag=c&author=me&comment=why&pause=0")]
    [InlineData("container commit --no-pause -c ENV=1 -c USER=2 a b", "POST /commit?container=a&repo=b&pause=0&changes=ENV%3D1&changes=USER%3D2")]
    [InlineData("commit --squash a", "POST /commit?container=a&pause=1&squash=1")]
    [InlineData("commit --squash-to base:1 a", "POST /commit?container=a&pause=1&squash-base=base:1")]
    public void CommitAsksForIt(string line, string request)
    {
        using FakeDaemon daemon = new FakeDaemon().On("", """{"Id":"sha256:1"}""", 201);
        Assert.Equal(new ClientResult(0, "sha256:1\n", ""), Client.Run(daemon, line.Split(' ')));
        Assert.Equal(request, Assert.Single(daemon.Requests).Line);
    }

    [Theory]
    [InlineData("save -o {0} a b:c", "GET /images/get?names=a&names=b:c")]
    [InlineData("image save --platform linux/arm64 --since base -o {0} a", "GET /images/get?names=a&platform=linux%2Farm64&since=base")]
    [InlineData("export -o {0} a", "GET /containers/a/export")]
    public void ArchivesAreWrittenToFiles(string line, string request)
    {
        using FakeDaemon daemon = new FakeDaemon().On("GET ", _ => FakeAnswer.Chunked("application/x-tar", "one "u8.ToArray(), "two"u8.ToArray()));
        File.WriteAllText(Target, "what was there before and is longer");
        Assert.Equal(new ClientResult(0, "", ""), Client.Run(daemon, line.Replace("{0}", Target, StringComparison.Ordinal).Split(' ')));
        Assert.Equal(request, Assert.Single(daemon.Requests).Line);
        Assert.Equal("one two", File.ReadAllText(Target));
        Assert.Equal([Target], Directory.GetFiles(_folder));
    }

    /// <summary>A file of that name is only replaced by a whole archive.</summary>
    [Fact]
    public void ABrokenTransferLeavesTheOldFile()
    {
        File.WriteAllText(Target, "old");
        using FakeDaemon daemon = new FakeDaemon().On("GET ", _ => new FakeAnswer("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", ["cut"u8.ToArray()], Closes: true));
        Assert.Equal(1, Client.Run(daemon, "save", "-o", Target, "a").Code);
        Assert.Equal("old", File.ReadAllText(Target));
        Assert.Equal([Target], Directory.GetFiles(_folder));
    }

    [Fact]
    public void ADeviceIsWrittenTo()
    {
        using FakeDaemon daemon = new FakeDaemon().On("GET ", _ => FakeAnswer.Chunked("application/x-tar", "x"u8.ToArray()));
        Assert.Equal(new ClientResult(0, "", ""), Client.Run(daemon, "save", "-o", "/dev/null", "a"));
        Assert.True(File.Exists("/dev/null"));
        Assert.Equal(0, new FileInfo("/dev/null").Length);
    }

    [Fact]
    public void AFolderThatIsNotThereIsSaidBeforeAnythingIsAsked()
    {
        using FakeDaemon daemon = new FakeDaemon();
        ClientResult result = Client.Run(daemon, "save", "-o", Path.Join(_folder, "no", "out.tar"), "a");
        Assert.Contains("does not exist", result.Error, StringComparison.Ordinal);
        Assert.Contains("is a directory", Client.Run(daemon, "export", "-o", _folder, "a").Error, StringComparison.Ordinal);
        Assert.Empty(daemon.Requests);
    }

    [Fact]
    public void HistoryIsATable()
    {
        long now = Client.Now.ToUnixTimeSeconds();
        string steps = $$"""
            [{"Id":"sha256:{{new string('a', 64)}}","Created":{{now - 120}},"CreatedBy":"/bin/sh -c echo a long command that does not fit the column","Tags":["a:1"],"Size":12345678,"Comment":"why"},
             {"Id":"<missing>","Created":0,"CreatedBy":"made","Tags":null,"Size":0,"Comment":""}]
            """;
        using FakeDaemon daemon = new FakeDaemon().On("GET /images/a/history", steps);
        Assert.Equal(
            """
            IMAGE          CREATED         CREATED BY                                      SIZE      COMMENT
            aaaaaaaaaaaa   2 minutes ago   /bin/sh -c echo a long command that does not…   12.3MB    why
            <missing>      N/A             made                                            0B        

            """,
            Client.Run(daemon, "history", "a").Out);
        Assert.Equal("aaaaaaaaaaaa\n<missing>\n", Client.Run(daemon, "history", "-q", "a").Out);
        Assert.Equal("12345678\n0\n", Client.Run(daemon, "history", "-H=false", "--format", "{{.Size}}", "a").Out);
    }

    [Fact]
    public void LoadPassesItsOptionsOn()
    {
        using FakeDaemon daemon = new FakeDaemon().On("POST /images/load", """{"stream":"Loaded image: a:1\n"}""");
        File.WriteAllText(Target, "archive");
        Assert.Equal("Loaded image: a:1\n", Client.Run(daemon, "load", "-q", "--platform", "linux/amd64", "-i", Target).Out);
        Assert.Equal("POST /images/load?quiet=1&platform=linux%2Famd64", Assert.Single(daemon.Requests).Line);
    }
}
