using Berth.Linux;
using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Runtime.Init;

namespace Berth.Runtime.Monitor.Streams;

/// <summary>Both ends of a process's stdin, stdout and stderr: pipes, or /dev/null where nobody is on the other side.</summary>
internal sealed class StdioPipes : IDisposable
{
    private readonly List<FileDescriptor> _processEnds = [];
    private FileDescriptor? _input;
    private FileDescriptor? _output;
    private FileDescriptor? _error;

    /// <param name="input">The process has a stdin.</param>
    /// <param name="output">Its stdout is read.</param>
    /// <param name="error">Its stderr is read.</param>
    /// <param name="user">Owner of the pipes: so that the process may open /dev/stdout.</param>
    public StdioPipes(bool input, bool output, bool error, uint user)
    {
        try
        {
            _input = Make(input, reads: true, user);
            _output = Make(output, reads: false, user);
            _error = Make(error, reads: false, user);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The process's ends, for the launcher to borrow.</summary>
    public Stdio ForProcess => new(_processEnds[0], _processEnds[1], _processEnds[2]);

    /// <summary>Gives the writing end of stdin away.</summary>
    public FileDescriptor? TakeInput() => Take(ref _input);

    public FileDescriptor? TakeOutput() => Take(ref _output);

    public FileDescriptor? TakeError() => Take(ref _error);

    /// <summary>Closes the process's ends, and the monitor's as far as they were not taken. Without this no end of file would ever come.</summary>
    public void Dispose()
    {
        foreach (FileDescriptor end in _processEnds)
        {
            end.Dispose();
        }

        _input?.Dispose();
        _output?.Dispose();
        _error?.Dispose();
    }

    private static FileDescriptor? Take(ref FileDescriptor? end)
    {
        FileDescriptor? taken = end;
        end = null;
        return taken;
    }

    private FileDescriptor? Make(bool wanted, bool reads, uint user)
    {
        if (!wanted)
        {
            _processEnds.Add(FileDescriptor.Open("/dev/null", reads ? Libc.O_RDONLY : Libc.O_WRONLY));
            return null;
        }

        var pipe = new Pipe();
        FileDescriptor processEnd = reads ? pipe.Reader : pipe.Writer;
        _processEnds.Add(processEnd);
        if (user != 0 && Libc.fchown(processEnd.Number, user, uint.MaxValue) < 0)
        {
            LinuxException failure = LinuxException.Last("fchown", $"a pipe to user {user}");
            (reads ? pipe.Writer : pipe.Reader).Dispose();
            throw failure;
        }

        return reads ? pipe.Writer : pipe.Reader;
    }
}
