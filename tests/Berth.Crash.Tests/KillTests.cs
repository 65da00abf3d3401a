using Berth.Testing.Archives;
using Berth.Testing.Daemons;

namespace Berth.Crash.Tests;

/// <summary>SIGKILL at the n-th durable step, for all n, of each kind of work.</summary>
public sealed class KillTests
{
    private const string Sleeper = """{"Image":"busybox","Cmd":["sleep","1000"]}""";
    private const string WithVolumes = """{"Image":"busybox","Cmd":["sleep","1000"],"Volumes":{"/etc":{},"/data":{}},"HostConfig":{"Binds":["named:/named"]}}""";

    [Fact]
    public Task Create() => CrashLoop.RunAsync(
        prepare: static _ => Task.CompletedTask,
        work: static d => d.DoAsync(HttpMethod.Post, "/containers/create?name=crash", WithVolumes),
        verify: static async (d, done) =>
        {
            bool there = await d.ExistsAsync("/containers/crash/json");
            Assert.True(there || !done);
            if (there)
            {
                // What is there is whole: it starts.
                await d.DoAsync(HttpMethod.Post, "/containers/crash/start");
                await d.DoAsync(HttpMethod.Delete, "/containers/crash?force=1&v=1");
            }

            if (await d.ExistsAsync("/volumes/named"))
            {
                await d.DoAsync(HttpMethod.Delete, "/volumes/named");
            }
        });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task Start(bool reboot) => CrashLoop.RunAsync(
        prepare: static d => d.DoAsync(HttpMethod.Post, "/containers/create?name=crash", Sleeper),
        work: static d => d.DoAsync(HttpMethod.Post, "/containers/crash/start"),
        verify: async (d, done) =>
        {
            string status = await d.StatusAsync("crash");
            Assert.Contains(status, reboot ? ["created", "exited"] : done ? ["running"] : (string[])["created", "running", "exited"]);
            if (status != "running")
            {
                await d.DoAsync(HttpMethod.Post, "/containers/crash/start");
            }

            Assert.Equal("running", await d.StatusAsync("crash"));
            await d.DoAsync(HttpMethod.Delete, "/containers/crash?force=1");
        },
        reboot);

    [Fact]
    public Task Exec() => CrashLoop.RunAsync(
        prepare: static async d =>
        {
            await d.DoAsync(HttpMethod.Post, "/containers/create?name=crash", Sleeper);
            await d.DoAsync(HttpMethod.Post, "/containers/crash/start");
        },
        work: static async d =>
        {
            string id = (string)(await d.AnswerAsync("/containers/crash/exec", """{"Cmd":["true"],"AttachStdout":true}"""))["Id"]!;
            await d.DoAsync(HttpMethod.Post, $"/exec/{id}/start", """{"Detach":true}""");
            await Testing.Processes.Until.TrueAsync(async () => !(bool)(await d.Api.JsonAsync($"/exec/{id}/json"))["Running"]!, "the exec ends");
        },
        verify: static async (d, _) =>
        {
            Assert.Equal("running", await d.StatusAsync("crash"));
            Assert.Equal("again", await d.TextAsync("exec", "crash", "echo", "again"));
            await d.DoAsync(HttpMethod.Delete, "/containers/crash?force=1");
        });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task Remove(bool reboot) => CrashLoop.RunAsync(
        prepare: static d => d.DoAsync(HttpMethod.Post, "/containers/create?name=crash", WithVolumes),
        work: static d => d.DoAsync(HttpMethod.Delete, "/containers/crash?force=1&v=1"),
        verify: static async (d, done) =>
        {
            bool there = await d.ExistsAsync("/containers/crash/json");
            Assert.False(there && done);
            if (there)
            {
                await d.DoAsync(HttpMethod.Delete, "/containers/crash?force=1&v=1");
            }

            if (await d.ExistsAsync("/volumes/named"))
            {
                await d.DoAsync(HttpMethod.Delete, "/volumes/named");
            }
        },
        reboot);

    [Fact]
    public Task RemoveWhileRunning() => CrashLoop.RunAsync(
        prepare: static async d =>
        {
            await d.DoAsync(HttpMethod.Post, "/containers/create?name=crash", Sleeper);
            await d.DoAsync(HttpMethod.Post, "/containers/crash/start");
        },
        work: static d => d.DoAsync(HttpMethod.Delete, "/containers/crash?force=1"),
        verify: static async (d, done) =>
        {
            if (await d.ExistsAsync("/containers/crash/json"))
            {
                Assert.False(done);
                await d.DoAsync(HttpMethod.Delete, "/containers/crash?force=1");
            }
        });

    [Fact]
    public Task RunOfAContainerThatGoes() => CrashLoop.RunAsync(
        prepare: static _ => Task.CompletedTask,
        work: static async d =>
        {
            await d.DoAsync(HttpMethod.Post, "/containers/create?name=crash", """{"Image":"busybox","Cmd":["true"],"HostConfig":{"AutoRemove":true}}""");
            await d.DoAsync(HttpMethod.Post, "/containers/crash/start");
            await Testing.Processes.Until.TrueAsync(async () => !await d.ExistsAsync("/containers/crash/json"), "the container goes");
        },
        verify: static async (d, _) =>
        {
            if (await d.ExistsAsync("/containers/crash/json"))
            {
                Assert.Equal("created", await d.StatusAsync("crash"));
                await d.DoAsync(HttpMethod.Delete, "/containers/crash");
            }
        });

    [Fact]
    public Task Load() => CrashLoop.RunAsync(
        prepare: static _ => Task.CompletedTask,
        work: static d => d.LoadBusyboxAsync(),
        verify: static async (d, done) =>
        {
            bool there = await d.ExistsAsync("/images/busybox/json");
            Assert.True(there || !done);
            if (!there)
            {
                await d.LoadBusyboxAsync();
            }

            Assert.Equal("whole", await d.TextAsync("run", "--rm", "busybox", "echo", "whole"));
            await d.DoAsync(HttpMethod.Delete, "/images/busybox");
        },
        withImage: false);

    [Fact]
    public async Task Pull()
    {
        Assert.SkipUnless(DockerRegistry.IsInstalled, "docker-registry is not installed");
        DockerRegistry? registry = null;
        try
        {
            await CrashLoop.RunAsync(
                prepare: async d => registry ??= await WithBusyboxAsync(d),
                work: d => PullAsync(d, registry!),
                verify: async (d, done) =>
                {
                    string name = $"{registry!.Name}/busybox";
                    Assert.True(await d.ExistsAsync($"/images/{name}/json") || !done);
                    await PullAsync(d, registry);
                    Assert.Equal("whole", await d.TextAsync("run", "--rm", name, "echo", "whole"));
                    await d.DoAsync(HttpMethod.Delete, $"/images/{name}");
                },
                withImage: false);
        }
        finally
        {
            await (registry?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
    }

    [Fact]
    public Task RemoveOfAnImage() => CrashLoop.RunAsync(
        prepare: static async d =>
        {
            if (!await d.ExistsAsync("/images/busybox/json"))
            {
                await d.LoadBusyboxAsync();
            }
        },
        work: static d => d.DoAsync(HttpMethod.Delete, "/images/busybox"),
        verify: static async (d, done) => Assert.False(done && await d.ExistsAsync("/images/busybox/json")),
        withImage: false);

    private static async Task<DockerRegistry> WithBusyboxAsync(TestDaemon daemon)
    {
        DockerRegistry registry = await DockerRegistry.StartAsync(network: daemon.Host);
        string archive = Path.Join(registry.Folder, "busybox.tar");
        await using (FileStream file = File.Create(archive))
        {
            await (await BusyboxArchive.OpenAsync()).CopyToAsync(file);
        }

        await registry.PushAsync($"docker-archive:{archive}", "busybox:latest");
        return registry;
    }

    // To the end of its answer, which tells how it went.
    private static async Task PullAsync(TestDaemon daemon, DockerRegistry registry)
    {
        using var nothing = new ByteArrayContent([]);
        string told = await daemon.Api.UploadAsync($"/images/create?fromImage={registry.Name}/busybox&tag=latest", nothing);
        Assert.Contains("Status: ", told, StringComparison.Ordinal);
    }
}
