using Berth.Testing;
using Berth.Testing.Daemons;
using Berth.Testing.Processes;

namespace Berth.Conformance.Tests.Docs;

/// <summary>The README's examples do what it shows: every console block is typed in, line by line.</summary>
public sealed class ReadmeTests
{
    [Fact]
    public async Task ExamplesRun()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        string bin = Directory.CreateDirectory($"{daemon.Folder}/bin").FullName;
        File.CreateSymbolicLink($"{bin}/berth", Programs.Berth);
        WriteDebianMaker($"{bin}/mmdebstrap");
        var environment = new Dictionary<string, string>
        {
            ["PATH"] = $"{bin}:{Environment.GetEnvironmentVariable("PATH")}",
            ["BERTH_HOST"] = $"unix://{daemon.Socket}",
        };
        string text = (await File.ReadAllTextAsync(Path.Join(Programs.Checkout, "README.md"), TestContext.Current.CancellationToken))
            .Replace("/run/berth/berth.sock", daemon.Socket, StringComparison.Ordinal);
        IReadOnlyList<Example> examples = Example.AllOf(text);
        Assert.True(examples.Count > 8, "the README's examples were not found");
        foreach (Example example in examples)
        {
            await RunAsync(example, daemon.Folder, environment);
        }
    }

    private static async Task RunAsync(Example example, string folder, Dictionary<string, string> environment)
    {
        if (example.Variable is var (name, value))
        {
            environment[name] = value;
            return;
        }

        string command = $"cd {folder} && {example.Command}";
        if (example.IsInteractive)
        {
            await using PtySession session = PtySession.Start($"sh -c '{command}'", environment: environment);
            foreach (string line in example.Typed is [.., "exit"] ? example.Typed : [.. example.Typed, "exit"])
            {
                await session.ExpectAsync("# ");
                await session.TypeAsync($"{line}\r");
            }

            Assert.Equal(0, await session.ExitCodeAsync());
            return;
        }

        ProcessResult result = await Run.Async("sh", ["-c", command], null, environment);
        Assert.True(result.ExitCode == 0, $"$ {example.Command}\nended with {result.ExitCode}: {result.Error}");
        if (example.Shown.Count > 0)
        {
            Assert.Equal(string.Join('\n', example.Shown), result.Out.TrimEnd('\n'));
        }
    }

    // The system that this very command made when the tests were prepared: making it anew takes a minute and a mirror.
    private static void WriteDebianMaker(string path)
    {
        File.WriteAllText(path, $"#!/bin/sh\nfor last; do :; done\ncp {Environment.GetEnvironmentVariable("BERTH_DEBIAN") ?? "/var/cache/berth-test/debian.tar"} \"$last\"\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
