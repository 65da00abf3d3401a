using Berth.Cli.CommandLine;
using Berth.Cli.Http;
using Berth.Cli.Specs;
using Berth.Linux.Files;

namespace Berth.Cli.Commands;

/// <summary>Where save and export write their archive: standard output that is no terminal, or a file that has its name only once it is whole.</summary>
internal static class ArchiveTarget
{
    private const int Piece = 1 << 20;

    /// <summary>Refuses what cannot become an archive, before the daemon is asked for one.</summary>
    /// <exception cref="CliException">A terminal, or a folder that is not there.</exception>
    public static void Check(Invocation call, string verb, string path)
    {
        if (path.Length == 0)
        {
            if (call.Out.IsTerminal)
            {
                throw new CliException($"cowardly refusing to {verb} to a terminal. Use the -o flag or redirect");
            }

            return;
        }

        string folder = Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/";
        if (!Directory.Exists(folder))
        {
            throw new CliException($"invalid output path: directory \"{folder}\" does not exist");
        }

        if (Directory.Exists(path))
        {
            throw new CliException($"invalid output path: \"{path}\" is a directory");
        }
    }

    /// <summary>Copies the whole answer.</summary>
    public static void Write(ApiResponse answer, string path)
    {
        if (path.Length == 0)
        {
            Copy(answer, static bytes => StandardStream.Output.WriteAll(bytes));
            return;
        }

        // A device or a pipe is written to; a file is replaced, so that a broken transfer leaves the old one.
        bool replaces = !File.Exists(path) || FileType.Of(path) is 0 or (>= 0x8000 and < 0x9000);
        string written = replaces ? Path.Join(Path.GetDirectoryName(Path.GetFullPath(path)), $".berth-{Environment.ProcessId}-{Path.GetFileName(path)}") : path;
        try
        {
            using (var file = new FileStream(written, replaces ? FileMode.Create : FileMode.Open, FileAccess.Write, FileShare.Read, 0))
            {
                Copy(answer, file.Write);
            }

            if (replaces)
            {
                File.Move(written, path, overwrite: true);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Remove(replaces, written);
            throw new CliException($"open {path}: {FileReason.Of(e)}");
        }
        catch
        {
            Remove(replaces, written);
            throw;
        }
    }

    private static void Remove(bool isOurs, string file)
    {
        if (isOurs)
        {
            File.Delete(file);
        }
    }

    private static void Copy(ApiResponse answer, ReadOnlySpanAction write)
    {
        byte[] buffer = GC.AllocateUninitializedArray<byte>(Piece);
        for (int got; (got = answer.Read(buffer)) > 0;)
        {
            write(buffer.AsSpan(0, got));
        }
    }

    private delegate void ReadOnlySpanAction(ReadOnlySpan<byte> bytes);
}
