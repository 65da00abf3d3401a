using System.Diagnostics;
using System.Text;

namespace Berth.Testing.Processes;

/// <summary>A program on a terminal of its own (script(1) makes it), driven like a person would.</summary>
public sealed class PtySession : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly StringBuilder _seen = new();
    private readonly Lock _lock = new();
    private readonly Task _reading;
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _from;

    private PtySession(Process process)
    {
        _process = process;
        _reading = ReadAsync();
    }

    /// <summary>All that was shown so far.</summary>
    public string Seen
    {
        get
        {
            lock (_lock)
            {
                return _seen.ToString();
            }
        }
    }

    /// <param name="command">Run by a shell.</param>
    /// <param name="rows">Of the terminal.</param>
    /// <param name="columns">Of the terminal.</param>
    /// <param name="environment">Further variables.</param>
    public static PtySession Start(string command, int rows = 24, int columns = 80, IReadOnlyDictionary<string, string>? environment = null) =>
        new(Run.Start("script", ["-qefc", $"stty rows {rows} cols {columns}; exec {command}", "/dev/null"], environment));

    /// <summary>Types. A line ends with a carriage return.</summary>
    public async Task TypeAsync(string text)
    {
        await _process.StandardInput.WriteAsync(text).ConfigureAwait(false);
        await _process.StandardInput.FlushAsync().ConfigureAwait(false);
    }

    /// <summary>Waits until a text is shown, behind the one that was waited for before.</summary>
    public async Task ExpectAsync(string text)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        while (true)
        {
            Task more;
            lock (_lock)
            {
                int at = _seen.ToString().IndexOf(text, _from, StringComparison.Ordinal);
                if (at >= 0)
                {
                    _from = at + text.Length;
                    return;
                }

                more = _more.Task;
            }

            if (_reading.IsCompleted)
            {
                throw new InvalidOperationException($"ended without showing \"{text}\"; shown: {Seen}");
            }

            try
            {
                await Task.WhenAny(more, _reading).WaitAsync(deadline.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"\"{text}\" was not shown; shown: {Seen}");
            }
        }
    }

    /// <summary>Waits for the program's end.</summary>
    public async Task<int> ExitCodeAsync()
    {
        using var deadline = new CancellationTokenSource(Deadline);
        await _process.WaitForExitAsync(deadline.Token).ConfigureAwait(false);
        await _reading.ConfigureAwait(false);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _reading.ConfigureAwait(false);
        _process.Dispose();
    }

    private async Task ReadAsync()
    {
        var buffer = new char[4096];
        int count;
        while ((count = await _process.StandardOutput.ReadAsync(buffer).ConfigureAwait(false)) > 0)
        {
            lock (_lock)
            {
                _seen.Append(buffer, 0, count);
                _more.TrySetResult();
                _more = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }
}
