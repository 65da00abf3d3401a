using static Berth.Daemon.Requests.FieldRule;

namespace Berth.Daemon.Requests;

/// <summary>Which fields of POST /volumes/create are honoured.</summary>
internal static class VolumeFields
{
    public static readonly FieldRules Create = new()
    {
        ["Name"] = Honoured,
        ["Driver"] = Only("\"local\""),
        ["DriverOpts"] = Refused,
        ["Labels"] = Honoured,
        ["ClusterVolumeSpec"] = Refused,
    };
}
