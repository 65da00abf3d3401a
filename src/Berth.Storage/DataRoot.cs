namespace Berth.Storage;

/// <summary>
/// The only builder of paths. What lies where:
/// <code>
/// data root (/var/lib/berth, survives a reboot)
///   berth.db                             rows: what exists
///   berthd.lock  engine-id
///   content/
///     oci-layout                         so that any OCI tool can read the folder
///     blobs/sha256/HEX                   verified bytes
///     ingest/N                           being received; whatever lies here at start is removed
///     partial/HEX-SIZE  HEX-SIZE.ranges  being fetched, or broken off: which bytes are there; kept for a day
///   snapshots/
///     empty/                             the lower folder of an image without layers
///     N/fs  N/work                       one layer or one container's changes (N: the row's number)
///   init/                                the lower folder under every image's: what Docker puts into each container
///   containers/ID/
///     ID-json.log  exit.json             written by the monitor
///   volumes/NAME/_data
///   trash/N                              renamed here, then removed
///
/// run root (/run/berth, gone after a reboot)
///   berth.sock  berthd.pid
///   containers/ID/
///     config.json monitor.json           written by berthd before the monitor is spawned
///     state.json monitor.sock exec/      the monitor's
///     hosts hostname resolv.conf         derived, bound into the container
/// </code>
/// </summary>
public sealed class DataRoot(string data = DataRoot.DefaultData, string run = DataRoot.DefaultRun)
{
    public const string DefaultData = "/var/lib/berth";
    public const string DefaultRun = "/run/berth";

    public string Data { get; } = Path.GetFullPath(data);

    public string Run { get; } = Path.GetFullPath(run);

    public string DatabaseFile => Path.Join(Data, "berth.db");

    /// <summary>Held locked by the daemon that uses this data root.</summary>
    public string LockFile => Path.Join(Data, "berthd.lock");

    /// <summary>The engine's id, as GET /info shows it.</summary>
    public string EngineIdFile => Path.Join(Data, "engine-id");

    public string Content => Path.Join(Data, "content");

    public string OciLayoutFile => Path.Join(Content, "oci-layout");

    public string Blobs => Path.Join(Content, "blobs", "sha256");

    public string Ingests => Path.Join(Content, "ingest");

    public string Partials => Path.Join(Content, "partial");

    public string Snapshots => Path.Join(Data, "snapshots");

    public string EmptyLayer => Path.Join(Snapshots, "empty");

    public string InitLayer => Path.Join(Data, "init");

    public string Containers => Path.Join(Data, "containers");

    public string Volumes => Path.Join(Data, "volumes");

    public string Trash => Path.Join(Data, "trash");

    public string Socket => Path.Join(Run, "berth.sock");

    public string PidFile => Path.Join(Run, "berthd.pid");

    public string RunContainers => Path.Join(Run, "containers");

    /// <summary>The bytes of a blob. The digest's hex part only, so it cannot leave the folder.</summary>
    public string Blob(Oci.Digests.Digest digest) => Path.Join(Blobs, digest.Hex);

    public string Ingest(string name) => Path.Join(Ingests, Checked(name));

    /// <summary>A blob's bytes while it is fetched. The length is in the name: who lies about it disturbs nobody else.</summary>
    public string Partial(Oci.Digests.Digest digest, long size) => Path.Join(Partials, $"{digest.Hex}-{Number(size)}");

    /// <summary>Which of those bytes are there.</summary>
    public string PartialJournal(Oci.Digests.Digest digest, long size) => Partial(digest, size) + ".ranges";

    public string Snapshot(long id) => Path.Join(Snapshots, Number(id));

    public string SnapshotFiles(long id) => Path.Join(Snapshots, Number(id), "fs");

    public string SnapshotWork(long id) => Path.Join(Snapshots, Number(id), "work");

    public string Container(string id) => Path.Join(Containers, Checked(id));

    public string ContainerLog(string id) => Path.Join(Container(id), $"{id}-json.log");

    public string ContainerExit(string id) => Path.Join(Container(id), "exit.json");

    public string Volume(string name) => Path.Join(Volumes, Checked(name));

    public string VolumeFiles(string name) => Path.Join(Volume(name), "_data");

    /// <summary>What becomes the volume's files once it is filled.</summary>
    public string VolumeFilling(string name) => Path.Join(Volume(name), "_fill");

    public string Trashed(string name) => Path.Join(Trash, Checked(name));

    public string RunContainer(string id) => Path.Join(RunContainers, Checked(id));

    public string RuntimeConfig(string id) => Path.Join(RunContainer(id), "config.json");

    public string MonitorRequest(string id) => Path.Join(RunContainer(id), "monitor.json");

    public string MonitorSocket(string id) => Path.Join(RunContainer(id), "monitor.sock");

    public string MonitorState(string id) => Path.Join(RunContainer(id), "state.json");

    public string ExecExits(string id) => Path.Join(RunContainer(id), "exec");

    public string ExecExit(string id, string exec) => Path.Join(ExecExits(id), $"{Checked(exec)}.json");

    public string Hosts(string id) => Path.Join(RunContainer(id), "hosts");

    public string Hostname(string id) => Path.Join(RunContainer(id), "hostname");

    public string ResolvConf(string id) => Path.Join(RunContainer(id), "resolv.conf");

    /// <summary>Makes the folders that everything else stands on. Only root reads them: images hold setuid programs and others' secrets.</summary>
    public void Create()
    {
        const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        const UnixFileMode ForAll = Private | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

        // As Docker's data root (0711): a process of a container's remapped user must be able to pass, none to look around.
        Directory.CreateDirectory(Data, Private | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        foreach (string folder in (string[])[Content, Path.Join(Content, "blobs"), Blobs, Ingests, Partials, Snapshots, Containers, Trash])
        {
            Directory.CreateDirectory(folder, Private);
        }

        Directory.CreateDirectory(Volumes, Private | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        Directory.CreateDirectory(EmptyLayer, ForAll);
        CreateInitLayer(ForAll);
        Directory.CreateDirectory(Run, Private | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        Directory.CreateDirectory(RunContainers, Private);
    }

    // What every container is to have and an image may lack: programs tell by .dockerenv that they run in one, the others are mounted over. Without
    // them the first start would make them in the container's own folder, and a commit would take them for changes.
    private void CreateInitLayer(UnixFileMode mode)
    {
        foreach (string folder in (string[])["", "dev", "dev/pts", "dev/shm", "etc", "proc", "sys"])
        {
            Directory.CreateDirectory(Path.Join(InitLayer, folder), mode);
        }

        foreach (string file in (string[])[".dockerenv", "dev/console", "etc/hostname", "etc/hosts", "etc/resolv.conf"])
        {
            new FileStream(Path.Join(InitLayer, file), new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.Write, UnixCreateMode = mode }).Dispose();
        }

        if (!File.Exists(Path.Join(InitLayer, "etc/mtab")) && new FileInfo(Path.Join(InitLayer, "etc/mtab")).LinkTarget is null)
        {
            File.CreateSymbolicLink(Path.Join(InitLayer, "etc/mtab"), "/proc/mounts");
        }
    }

    private static string Number(long id) => id.ToString(System.Globalization.CultureInfo.InvariantCulture);

    // Ids and names were checked where they came in; this is the last fence before the file system.
    private static string Checked(string name) =>
        name.Length is > 0 and <= 255 && name[0] != '.' && !name.AsSpan().ContainsAny('/', '\0')
            ? name
            : throw EngineException.Invalid($"\"{name}\" cannot be the name of a folder");
}
