namespace Berth.Cli.Tests.Commands;

/// <summary>What the store takes, whether it is whole, and what is pruned.</summary>
public sealed class DiskCommandTests
{
    private const string Sums = """
        {"ImageUsage":{"ActiveCount":1,"TotalCount":2,"Reclaimable":250,"TotalSize":1000,"Items":[{"Id":"sha256:0123456789abcdef","RepoTags":["a:1","b:1"],"Created":0,"Size":750,"SharedSize":250,"Containers":1}]},
        "ContainerUsage":{"ActiveCount":0,"TotalCount":1,"Reclaimable":5,"TotalSize":5,"Items":[]},
        "VolumeUsage":{"ActiveCount":0,"TotalCount":0,"Reclaimable":0,"TotalSize":0,"Items":[{"Name":"v","UsageData":{"Size":3,"RefCount":2}}]},
        "BuildCacheUsage":{"ActiveCount":0,"TotalCount":0,"Reclaimable":0,"TotalSize":0,"Items":[]}}
        """;

    // As daemons before API 1.52 answer.
    private const string Lists = """
        {"LayersSize":1000,"Images":[{"Id":"sha256:0123456789abcdef","RepoTags":["a:1","b:1"],"Created":0,"Size":750,"SharedSize":0,"Containers":1},{"Id":"sha256:1","Containers":0,"Size":250,"SharedSize":0}],
        "Containers":[{"State":"exited","SizeRw":5}],"Volumes":[],"BuildCache":null}
        """;

    private const string Table = """
        TYPE            TOTAL     ACTIVE    SIZE      RECLAIMABLE
        Images          2         1         1kB       250B (25%)
        Containers      1         0         5B        5B (100%)
        Local Volumes   0         0         0B        0B
        Build Cache     0         0         0B        0B

        """;

    [Theory]
    [InlineData(Sums)]
    [InlineData(Lists)]
    public void DfShowsSumsOfEveryDaemon(string answer)
    {
        using FakeDaemon daemon = new FakeDaemon().On("GET /system/df", answer);
        Assert.Equal(new ClientResult(0, Table, ""), Client.Run(daemon, "system", "df"));
        Assert.Equal("1kB 250B (25%)\n", Client.Run(daemon, "system", "df", "--format", "{{if eq .Type \"Images\"}}{{.Size}} {{.Reclaimable}}{{end}}").Out.Split('\n')[0] + "\n");
    }

    [Fact]
    public void DfShowsEachObject()
    {
        using FakeDaemon daemon = new FakeDaemon().On("GET /system/df?verbose=1", Sums);
        string output = Client.Run(daemon, "system", "df", "-v").Out;
        Assert.Contains("a            1         0123456789ab", output, StringComparison.Ordinal);
        Assert.Contains("750B      250B          500B          1\n", output, StringComparison.Ordinal);
        Assert.DoesNotContain("\nb ", output, StringComparison.Ordinal);
        Assert.Contains("v             2         3B\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public void CheckTellsWhatItFoundAndEndsWithOne()
    {
        const string Answer = """
            {"Kind":"layer","Name":"sha256:1","Problem":"etc/passwd: has other bytes","Outcome":"--repair unpacks it again","Repaired":false}
            {"Summary":{"Blobs":4,"Bytes":2000,"Layers":2,"Images":2,"Found":1,"Repaired":0}}

            """;
        using FakeDaemon daemon = new FakeDaemon().On("POST /berth/system-check", Answer);
        Assert.Equal(
            new ClientResult(1, "layer sha256:1: etc/passwd: has other bytes: --repair unpacks it again\n4 blobs (2kB), 2 layers and 2 images checked: 1 damaged\n", ""),
            Client.Run(daemon, "system", "check"));
    }

    [Theory]
    [InlineData(0, 0, 0, "nothing is damaged")]
    [InlineData(2, 2, 0, "2 damaged, 2 of them repaired")]
    [InlineData(2, 1, 1, "2 damaged, 1 of them repaired")]
    public void CheckEndsWithZeroWhereAllIsWell(int found, int repaired, int code, string outcome)
    {
        using FakeDaemon daemon = new FakeDaemon().On(
            "POST /berth/system-check?repair=1", $$$"""{"Summary":{"Blobs":0,"Bytes":0,"Layers":0,"Images":0,"Found":{{{found}}},"Repaired":{{{repaired}}}}}""");
        Assert.Equal(new ClientResult(code, $"0 blobs (0B), 0 layers and 0 images checked: {outcome}\n", ""), Client.Run(daemon, "system", "check", "--repair"));
    }

    [Fact]
    public void ACheckThatBreaksOffIsNoSuccess()
    {
        using FakeDaemon daemon = new FakeDaemon().On("POST /berth/system-check", """{"Error":"the disk is on fire"}""");
        ClientResult result = Client.Run(daemon, "system", "check");
        Assert.Equal((1, ""), (result.Code, result.Out));
        Assert.Contains("the disk is on fire", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("image prune -f", "POST /images/prune?filters=%7B%22dangling%22:%7B%22true%22:true%7D%7D")]
    [InlineData("image prune -af", "POST /images/prune?filters=%7B%22dangling%22:%7B%22false%22:true%7D%7D")]
    public void PruneOfImagesSaysWhatWent(string line, string request)
    {
        using FakeDaemon daemon = new FakeDaemon().On("POST /images/prune", """{"ImagesDeleted":[{"Untagged":"a:1"},{"Deleted":"sha256:1"}],"SpaceReclaimed":1500}""");
        Assert.Equal(new ClientResult(0, "Deleted Images:\nuntagged: a:1\ndeleted: sha256:1\n\nTotal reclaimed space: 1.5kB\n", ""), Client.Run(daemon, line.Split(' ')));
        Assert.Equal(Uri.UnescapeDataString(request), Uri.UnescapeDataString(Assert.Single(daemon.Requests).Line));
    }

    [Fact]
    public void SystemPruneTakesOneKindAfterTheOther()
    {
        using FakeDaemon daemon = new FakeDaemon().On("POST /containers/prune", """{"ContainersDeleted":["c1"],"SpaceReclaimed":1}""").On("POST /networks/prune", """{"NetworksDeleted":["n"]}""")
            .On("POST /volumes/prune", """{"VolumesDeleted":null,"SpaceReclaimed":2}""").On("POST /images/prune", """{"ImagesDeleted":null,"SpaceReclaimed":3}""");
        Assert.Equal(
            new ClientResult(0, "Deleted Containers:\nc1\n\nDeleted Networks:\nn\n\nTotal reclaimed space: 6B\n", ""), Client.Run(daemon, "system", "prune", "-f", "--volumes"));
        Assert.Equal(["/containers", "/networks", "/volumes", "/images"], daemon.Requests.Select(r => r.Line.Split(' ')[1].Split("/prune")[0]));
        Assert.Contains("until", Client.Run(daemon, "system", "prune", "-f", "--volumes", "--filter", "until=1h").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void TreeShowsWhatLayersAdd()
    {
        const string Answer = """
            {"Id":"sha256:0123456789abcdef","RepoTags":["a:1"],"Size":1500,"Layers":[
            {"DiffId":"sha256:aaaaaaaaaaaaaaaa","Size":1000,"Images":2,"Added":10,"Changed":0,"Deleted":0,"CreatedBy":"ADD  x\ty"},
            {"DiffId":"sha256:bbbbbbbbbbbbbbbb","Size":500,"Images":1,"Added":1,"Changed":2,"Deleted":3,"CreatedBy":"","Changes":[{"Kind":2,"Path":"/gone","Size":0},{"Kind":1,"Path":"/new","Size":500}]}]}
            """;
        using FakeDaemon daemon = new FakeDaemon().On("GET /berth/image-layers?name=a&changes=1", Answer);
        Assert.Equal(
            new ClientResult(0, "a:1  0123456789ab  1.5kB\n├─ 1kB  aaaaaaaaaaaa  +10 ~0 -0  in 2 images  ADD x y\n└─ 500B  bbbbbbbbbbbb  +1 ~2 -3\n      D /gone\n      A /new  500B\n", ""),
            Client.Run(daemon, "image", "tree", "--files", "a"));
    }

    [Fact]
    public void HistoryShowsLayersTheUppermostFirst()
    {
        const string Answer = """
            {"Layers":[{"DiffId":"sha256:aaaaaaaaaaaaaaaa","Size":1000,"Images":2,"Added":10,"Changed":0,"Deleted":0,"CreatedBy":"ADD x"},
            {"DiffId":"sha256:bbbbbbbbbbbbbbbb","Size":500,"Images":1,"Added":1,"Changed":2,"Deleted":3,"CreatedBy":"RUN y"}]}
            """;
        using FakeDaemon daemon = new FakeDaemon().On("GET /berth/image-layers?name=a", Answer);
        Assert.Equal(
            "LAYER          CREATED   CREATED BY   SIZE      ADDED     CHANGED   DELETED   IMAGES\nbbbbbbbbbbbb   N/A       RUN y        500B      1         2         3         1\n"
                + "aaaaaaaaaaaa   N/A       ADD x        1kB       10        0         0         2\n",
            Client.Run(daemon, "history", "--layers", "a").Out);
    }

    [Fact]
    public void DiffShowsLinesAsADiffOfAContainer()
    {
        using FakeDaemon daemon = new FakeDaemon().On("GET /berth/image-diff?from=a&to=b", "{\"Kind\":0,\"Path\":\"/c\"}\n{\"Kind\":1,\"Path\":\"/a\"}\n{\"Kind\":2,\"Path\":\"/d\"}\n");
        Assert.Equal(new ClientResult(0, "C /c\nA /a\nD /d\n", ""), Client.Run(daemon, "image", "diff", "a", "b"));
        using FakeDaemon old = new FakeDaemon().On("GET /berth/", """{"message":"page not found"}""", 404);
        Assert.Contains("cannot look into images", Client.Run(old, "image", "diff", "a", "b").Error, StringComparison.Ordinal);
    }
}
