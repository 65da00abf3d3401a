using Berth.Testing.Clients;
using Berth.Testing.Processes;

namespace Berth.Conformance.Tests.Debian;

/// <summary>A session of bash in a window of tmux, by each client.</summary>
[Collection(DebianFixture.Collection)]
public sealed class DebianTerminalTests(DebianFixture debian)
{
    [Theory]
    [MemberData(nameof(Clients.All), MemberType = typeof(Clients))]
    public async Task ASessionInTmux(string version)
    {
        DockerClient client = Clients.Of(version);
        string name = "tmux-" + version;
        await using TmuxSession tmux = await TmuxSession.StartAsync(columns: 100, rows: 30, DockerClient.EnvironmentFor(debian.Daemon));
        await tmux.LineAsync($"{client.Path} run -it --name {name} -e PS1='in% ' debian bash --norc");
        await tmux.ExpectAsync("in%");
        await ControlsJobsAsync(tmux);
        await FollowsTheWindowAsync(tmux);

        await tmux.LineAsync("kept=value; echo is''set");
        await tmux.ExpectAsync("isset");
        await tmux.KeyAsync("C-p", "C-q");
        await tmux.ExpectPromptAsync();
        Assert.Equal("true", await debian.Daemon.TextAsync("inspect", "-f", "{{.State.Running}}", name));

        await tmux.LineAsync($"{client.Path} attach {name}");
        await tmux.LineAsync("echo again $kept; tty");
        await tmux.ExpectAsync("again value");
        await tmux.LineAsync("exit 7");
        await tmux.ExpectPromptAsync();
        await tmux.LineAsync("echo code=$?");
        await tmux.ExpectAsync("code=7");
        Assert.Equal("exited 7", await debian.Daemon.TextAsync("inspect", "-f", "{{.State.Status}} {{.State.ExitCode}}", name));
    }

    private static async Task ControlsJobsAsync(TmuxSession tmux)
    {
        await tmux.LineAsync("sleep 1001 &");
        await tmux.ExpectAsync("[1] ");
        await tmux.LineAsync("jobs");
        await tmux.ExpectAsync("Running                 sleep 1001");
        await tmux.LineAsync("fg");
        await tmux.ExpectAsync("fg\nsleep 1001");
        await tmux.KeyUntilAsync("C-z", "Stopped                 sleep 1001"); // bash says what it brings to the front before it does
        await tmux.LineAsync("bg");
        await tmux.ExpectAsync("[1]+ sleep 1001 &");
        await tmux.LineAsync("kill -INT %1; wait %1; echo ended=$?");
        await tmux.ExpectAsync("ended=130");
        await tmux.LineAsync("sh -c 'echo fore\"\"ground; exec sleep 1002'");
        await tmux.ExpectAsync("foreground");
        await tmux.KeyAsync("C-c");
        await tmux.LineAsync("echo inter''rupted=$?");
        await tmux.ExpectAsync("interrupted=130");
    }

    private static async Task FollowsTheWindowAsync(TmuxSession tmux)
    {
        await tmux.LineAsync("stty size");
        await tmux.ExpectAsync("30 100");
        await tmux.LineAsync("trap 'echo size: $(stty size)' WINCH; echo trap''ped");
        await tmux.ExpectAsync("trapped"); // a change before that would go unseen
        await tmux.ResizeAsync(columns: 91, rows: 27);
        await tmux.ExpectAsync("size: 27 91");
        await tmux.ResizeAsync(columns: 120, rows: 40);
        await tmux.ExpectAsync("size: 40 120");
        await tmux.LineAsync("trap - WINCH");
    }
}
