namespace Berth.Linux.Interop;

/// <summary>linux/prctl.h, linux/capability.h, linux/keyctl.h, linux/securebits.h: numbers for init plans.</summary>
public static unsafe partial class Libc
{
    public const int PR_SET_DUMPABLE = 4;
    public const int PR_SET_KEEPCAPS = 8;
    public const int PR_CAPBSET_DROP = 24;
    public const int PR_SET_NO_NEW_PRIVS = 38;
    public const int PR_CAP_AMBIENT = 47;
    public const int PR_CAP_AMBIENT_RAISE = 2;
    public const int PR_CAP_AMBIENT_CLEAR_ALL = 4;

    public const uint _LINUX_CAPABILITY_VERSION_3 = 0x20080522;

    public const int KEYCTL_JOIN_SESSION_KEYRING = 1;

    public const uint CLOSE_RANGE_CLOEXEC = 4;
}
