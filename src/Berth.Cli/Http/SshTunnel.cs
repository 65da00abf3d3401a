using Berth.Linux;
using Berth.Linux.Files;
using Berth.Linux.Polling;
using Berth.Linux.Processes;
using Berth.Linux.Sockets;

namespace Berth.Cli.Http;

/// <summary>The program ssh, joined to a daemon elsewhere. Keys, agent, known hosts and questions are the user's and ssh's: it keeps the terminal and standard error.</summary>
internal sealed class SshTunnel : IDisposable
{
    private const int Moment = 5000; // milliseconds, for a program that has closed its streams to end

    private readonly SshAddress address;
    private readonly FileDescriptor process;

    private SshTunnel(SshAddress address, FileDescriptor process, StreamSocket socket) => (this.address, this.process, Socket) = (address, process, socket);

    /// <summary>The daemon's connection.</summary>
    public StreamSocket Socket { get; }

    /// <exception cref="ConnectionException">There is no ssh here.</exception>
    public static SshTunnel Open(SshAddress address)
    {
        string program = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Where(static folder => folder.StartsWith('/')).Select(static folder => Path.Join(folder, "ssh")).FirstOrDefault(File.Exists)
            ?? throw new ConnectionException($"cannot reach {address}: the program ssh is not in the PATH (Debian has it in the package openssh-client)");
        (FileDescriptor ours, FileDescriptor theirs) = SocketPair.Create();
        var error = new FileDescriptor(2); // ssh's own words are the user's to read
        try
        {
            using (theirs)
            {
                int pid = Spawn.Start(new SpawnRequest
                {
                    Program = program,
                    Arguments = address.Arguments(),
                    Environment = [.. Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>().Select(static v => $"{v.Key}={v.Value}")],
                    Descriptors = [theirs, theirs, error],
                    OwnSession = false,
                });
                return new SshTunnel(address, PidFd.Open(pid), StreamSocket.Over(ours, address.ToString()));
            }
        }
        catch (LinuxException e)
        {
            ours.Dispose();
            throw new ConnectionException($"cannot reach {address}: {program} cannot be run: {e.Message}");
        }
        finally
        {
            error.Release(); // not ours to close
        }
    }

    /// <summary>Why the connection ended without an answer.</summary>
    /// <param name="answered">It gave others before.</param>
    public ConnectionException Ended(bool answered)
    {
        Span<PollItem> ended = [new PollItem { Number = process.Number, Wanted = PollEvents.Readable }];
        int? code = Poll.Wait(ended, Moment) > 0 ? PidFd.TryReap(process) : null;
        return new ConnectionException(code switch
        {
            _ when answered => $"the connection to {address} broke{(code is null ? "" : $" (ssh ended with {code})")}",
            255 => $"cannot reach {address}: ssh did not get there, for the reason it gives above",
            127 => $"{address} has neither berth nor docker, or not in the PATH that ssh gives a command",
            null or 0 => $"the daemon on {address} closed the connection without an answer; see its log",
            _ => $"the daemon on {address} cannot be reached there, for the reason given above: is it running, and may {(address.User.Length > 0 ? address.User : "the user that ssh logs in")} use its socket? (exit code {code})",
        });
    }

    public void Dispose()
    {
        Socket.Dispose(); // at which ssh ends
        process.Dispose();
    }
}
