namespace Berth.Linux.Polling;

/// <summary>poll(2): the last three are found without being asked for.</summary>
[Flags]
public enum PollEvents : short
{
    None = 0,
    Readable = 0x1,
    Writable = 0x4,
    Error = 0x8,
    HungUp = 0x10,
    Invalid = 0x20,
}
