using System.Globalization;

namespace Berth.Testing.Processes;

/// <summary>A shell in a window of a tmux server of its own: a real terminal, whose screen can be looked at and whose size changes.</summary>
public sealed class TmuxSession : IAsyncDisposable
{
    private const string Prompt = "host%";

    private static int _last;

    private readonly string _server = string.Create(CultureInfo.InvariantCulture, $"berth-{Environment.ProcessId}-{Interlocked.Increment(ref _last)}");

    private TmuxSession()
    {
    }

    /// <param name="columns">Of the window.</param>
    /// <param name="rows">Of the window.</param>
    /// <param name="environment">Further variables of the shell.</param>
    public static async Task<TmuxSession> StartAsync(int columns, int rows, IReadOnlyDictionary<string, string> environment)
    {
        var session = new TmuxSession();
        string[] size = ["-x", Text(columns), "-y", Text(rows)];
        string[] shell = ["env", .. environment.Where(static v => v.Key != "TERM").Select(static v => $"{v.Key}={v.Value}"), $"PS1={Prompt} ", "sh"];
        _ = (await session.TmuxAsync(["-f", "/dev/null", "new-session", "-d", .. size, .. shell]).ConfigureAwait(false)).Text;
        await session.ExpectPromptAsync().ConfigureAwait(false);
        return session;
    }

    /// <summary>Types a line.</summary>
    public async Task LineAsync(string text)
    {
        _ = (await TmuxAsync("send-keys", "-l", text).ConfigureAwait(false)).Text;
        await KeyAsync("Enter").ConfigureAwait(false);
    }

    /// <summary>Presses keys, by tmux's names: "C-z".</summary>
    public async Task KeyAsync(params string[] keys) => _ = (await TmuxAsync(["send-keys", .. keys]).ConfigureAwait(false)).Text;

    /// <summary>Presses a key, again if need be, until the window shows a text: for a program that may not be ready for it yet.</summary>
    public Task KeyUntilAsync(string key, string text) => Until.TrueAsync(
        async () =>
        {
            await KeyAsync(key).ConfigureAwait(false);
            await Task.Delay(TimeSpan.FromMilliseconds(200)).ConfigureAwait(false);
            return (await ScreenAsync().ConfigureAwait(false)).Contains(text, StringComparison.Ordinal);
        },
        text);

    public async Task ResizeAsync(int columns, int rows) => _ = (await TmuxAsync("resize-window", "-x", Text(columns), "-y", Text(rows)).ConfigureAwait(false)).Text;

    /// <summary>What the window shows, with what was scrolled out of it.</summary>
    public async Task<string> ScreenAsync() => (await TmuxAsync("capture-pane", "-p", "-J", "-S", "-").ConfigureAwait(false)).Text;

    /// <summary>Waits until the window shows a text.</summary>
    public Task ExpectAsync(string text) => ExpectAsync(screen => screen.Contains(text, StringComparison.Ordinal), text);

    /// <summary>Waits until the shell asks for the next line: what is typed while a program ends may still be read by that.</summary>
    public Task ExpectPromptAsync() => ExpectAsync(static screen => screen.TrimEnd().EndsWith(Prompt, StringComparison.Ordinal), Prompt);

    public async ValueTask DisposeAsync() => await TmuxAsync("kill-server").ConfigureAwait(false);

    private async Task ExpectAsync(Func<string, bool> holds, string what)
    {
        string seen = "";
        try
        {
            await Until.TrueAsync(async () => holds(seen = await ScreenAsync().ConfigureAwait(false)), what).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"the window does not show \"{what}\":\n{seen}");
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private Task<ProcessResult> TmuxAsync(params string[] arguments) => Run.Async("tmux", ["-L", _server, .. arguments]);
}
