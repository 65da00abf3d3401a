using Berth.Testing.Processes;

namespace Berth.Conformance.Tests.Containers;

/// <summary>What a person does at a terminal.</summary>
public sealed class TerminalTests(DaemonFixture fixture) : IClassFixture<DaemonFixture>
{
    private const string DetachKeys = "\u0010\u0011"; // ^P ^Q

    [Theory]
    [MemberData(nameof(Clients.Both), MemberType = typeof(Clients))]
    public async Task AShellOnATerminal(string client)
    {
        await using PtySession session = fixture.Client(client).OnTerminal(fixture.Daemon, "run -it --rm busybox", rows: 33, columns: 101);
        await session.ExpectAsync("# ");
        await session.TypeAsync("tty; stty size; echo $((40+2))\r");
        await session.ExpectAsync("/dev/pts/0");
        await session.ExpectAsync("33 101");
        await session.ExpectAsync("42");
        await session.TypeAsync("exit 7\r");
        Assert.Equal(7, await session.ExitCodeAsync());
    }

    [Theory]
    [MemberData(nameof(Clients.Both), MemberType = typeof(Clients))]
    public async Task ControlCInterruptsTheJobNotTheShell(string client)
    {
        await using PtySession session = fixture.Client(client).OnTerminal(fixture.Daemon, "run -it --rm busybox");
        await session.ExpectAsync("# ");

        // The shell edits its line in raw mode, where a return is not yet a newline: type on only when it has given that up.
        await session.TypeAsync("echo rea''dy; cat\r");
        await session.ExpectAsync("ready");
        await session.TypeAsync("line\r");
        await session.ExpectAsync("line\r\nline");
        await session.TypeAsync("\u0003");
        await session.ExpectAsync("# ");
        await session.TypeAsync("echo still''here\r");
        await session.ExpectAsync("stillhere");
        await session.TypeAsync("exit\r");
        await session.ExitCodeAsync();
    }

    [Theory]
    [MemberData(nameof(Clients.Both), MemberType = typeof(Clients))]
    public async Task DetachAndAttachAgain(string client)
    {
        string name = fixture.NewName("t");
        await using (PtySession session = fixture.Client(client).OnTerminal(fixture.Daemon, $"run -it --name {name} busybox"))
        {
            await session.ExpectAsync("# ");

            // A prompt may be drawn again at any time (the client resizes): only an answer shows that the line was taken.
            await session.TypeAsync("A=kept; echo set''$A\r");
            await session.ExpectAsync("setkept");
            await session.TypeAsync(DetachKeys);
            Assert.Equal(0, await session.ExitCodeAsync());
        }

        Assert.Equal("true", await fixture.TextAsync(client, "inspect", "-f", "{{.State.Running}}", name));
        await using (PtySession session = fixture.Client(client).OnTerminal(fixture.Daemon, $"attach {name}"))
        {
            await session.TypeAsync("echo $A''again\r");
            await session.ExpectAsync("keptagain");
            await session.TypeAsync("exit 5\r");
            Assert.Equal(5, await session.ExitCodeAsync());
        }
    }

    [Theory]
    [MemberData(nameof(Clients.Both), MemberType = typeof(Clients))]
    public async Task AnExecOnATerminal(string client)
    {
        string name = await fixture.SleeperAsync(client);
        await using PtySession session = fixture.Client(client).OnTerminal(fixture.Daemon, $"exec -it {name} sh", rows: 31, columns: 99);
        await session.ExpectAsync("# ");
        await session.TypeAsync("stty size; tty\r");
        await session.ExpectAsync("31 99");
        await session.ExpectAsync("/dev/pts/");
        await session.TypeAsync("exit 9\r");
        Assert.Equal(9, await session.ExitCodeAsync());
    }
}
