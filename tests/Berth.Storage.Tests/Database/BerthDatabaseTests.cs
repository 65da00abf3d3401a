using Berth.Storage.Database;
using Berth.Tests;

namespace Berth.Storage.Tests.Database;

public sealed class BerthDatabaseTests : IDisposable
{
    private readonly TestRoot _root = new();

    private BerthDatabase Database => _root.Services.Database;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _root.Dispose();

    [Fact]
    public async Task WhatIsWrittenIsReadAndSurvives()
    {
        await SetAsync("a", "1");
        Assert.Equal("1", Get("a"));
        await _root.RestartAsync();
        Assert.Equal("1", Get("a"));
    }

    [Fact]
    public async Task AFailedClosureIsUndoneAndItsNeighboursAreNot()
    {
        Task good = SetAsync("good", "1");
        Task bad = Database.WriteAsync<int>(
            t =>
            {
                t.Execute("INSERT INTO facts (name, value) VALUES ('bad', '1')");
                throw EngineException.Conflict("no");
            },
            Cancel);
        Task also = SetAsync("also", "1");
        await Task.WhenAll(good, also);
        Assert.Equal("no", (await Assert.ThrowsAsync<EngineException>(() => bad)).Message);
        Assert.Equal(("1", "1", null), (Get("good"), Get("also"), Get("bad")));
    }

    [Fact]
    public async Task ACanceledClosureIsNotRun()
    {
        using var canceled = new CancellationTokenSource();
        await canceled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Database.WriteAsync(t => t.Execute("INSERT INTO facts (name, value) VALUES ('x', '')"), canceled.Token));
        Assert.Null(Get("x"));
    }

    [Fact]
    public async Task ManyWritersAtOnceAllSucceedWithFewerCommits()
    {
        int before = _root.Services.Durable.Count;
        await Task.WhenAll(Enumerable.Range(0, 500).Select(i => SetAsync($"k{i}", "x")));
        Assert.Equal(500, Database.Read(s => s.Number("SELECT count(*) FROM facts")));
        Assert.InRange(_root.Services.Durable.Count - before, 1, 500);
    }

    [Fact]
    public async Task ReadersSeeNothingUncommittedAndDoNotWait()
    {
        using var inside = new ManualResetEventSlim();
        using var proceed = new ManualResetEventSlim();
        Task writing = Database.WriteAsync(
            t =>
            {
                t.Execute("INSERT INTO facts (name, value) VALUES ('a', '1')");
                inside.Set();
                proceed.Wait(Cancel);
            },
            Cancel);
        inside.Wait(Cancel);
        Assert.Null(Get("a"));
        proceed.Set();
        await writing;
        Assert.Equal("1", Get("a"));
    }

    [Fact]
    public async Task ActionsAfterTheCommitRunOnlyAfterACommit()
    {
        var seen = new List<string>();
        await Database.WriteAsync(
            t =>
            {
                t.Execute("INSERT INTO facts (name, value) VALUES ('a', '1')");
                t.OnCommit(() => seen.Add(Get("a") ?? "nothing"));
            },
            Cancel);
        await Assert.ThrowsAsync<EngineException>(() => Database.WriteAsync(
            t =>
            {
                t.OnCommit(() => seen.Add("never"));
                throw EngineException.Conflict("no");
            },
            Cancel));
        await SetAsync("b", "1");
        Assert.Equal(["1"], seen);
    }

    [Fact]
    public async Task ATakenNameIsAnAnswerAndNotAnException()
    {
        await SetAsync("a", "1");
        Assert.False(await Database.WriteAsync(t => t.TryInsert("INSERT INTO facts (name, value) VALUES ('a', '2')"), Cancel));
        Assert.True(await Database.WriteAsync(t => t.TryInsert("INSERT INTO facts (name, value) VALUES ('b', '2')"), Cancel));
    }

    [Fact]
    public async Task ADatabaseOfANewerProgramIsLeftAlone()
    {
        await Database.WriteAsync(t => t.Execute("PRAGMA user_version=1000"), Cancel);
        EngineException refused = await Assert.ThrowsAsync<EngineException>(_root.RestartAsync);
        Assert.Equal(EngineErrorKind.Unavailable, refused.Kind);
    }

    [Fact]
    public async Task AfterClosingNothingIsTaken()
    {
        _root.Services.Dispose();
        Assert.Equal(EngineErrorKind.Unavailable, (await Assert.ThrowsAsync<EngineException>(() => SetAsync("a", "1"))).Kind);
    }

    /// <summary>Foreign keys hold: a name cannot point to an image that is not there.</summary>
    [Fact]
    public async Task RowsCannotPointNowhere() =>
        await Assert.ThrowsAnyAsync<Exception>(() => Database.WriteAsync(
            t => t.Execute("INSERT INTO tags (name, image, repository, is_digest) VALUES ('a', 'sha256:0', 'a', 0)"), Cancel));

    private Task SetAsync(string name, string value) =>
        Database.WriteAsync(t => t.Execute("INSERT INTO facts (name, value) VALUES (@name, @value)", ("@name", name), ("@value", value)), Cancel);

    private string? Get(string name) => Database.Read(s => s.First("SELECT value FROM facts WHERE name = @name", r => r.GetString(0), ("@name", name)));
}
