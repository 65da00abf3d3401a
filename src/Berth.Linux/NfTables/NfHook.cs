namespace Berth.Linux.NfTables;

/// <summary>Where in a packet's way a chain stands. The numbers are NF_INET_….</summary>
public enum NfHook
{
    Prerouting = 0,
    Input = 1,
    Forward = 2,
    Output = 3,
    Postrouting = 4,
}
