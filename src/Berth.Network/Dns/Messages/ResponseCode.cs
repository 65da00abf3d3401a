namespace Berth.Network.Dns.Messages;

/// <summary>RCODEs (RFC 1035, section 4.1.1). <see cref="BadVersion"/> needs the upper bits of an OPT record (RFC 6891, section 9).</summary>
internal enum ResponseCode : ushort
{
    NoError = 0,
    FormatError = 1,
    ServerFailure = 2,
    NameError = 3,
    NotImplemented = 4,
    Refused = 5,
    BadVersion = 16,
}
