using static Berth.Daemon.Requests.FieldRule;

namespace Berth.Daemon.Requests;

/// <summary>Which fields of the Network group's requests are honoured. What cannot be had is refused by the engine, which knows why.</summary>
internal static class NetworkFields
{
    public static readonly FieldRules Create = new()
    {
        ["Name"] = Honoured,
        ["CheckDuplicate"] = Honoured,
        ["Driver"] = Honoured,
        ["Scope"] = Honoured,
        ["Internal"] = Honoured,
        ["Attachable"] = Honoured,
        ["Ingress"] = Honoured,
        ["ConfigOnly"] = Honoured,
        ["ConfigFrom"] = Honoured,
        ["IPAM"] = Object(new() { ["Driver"] = Honoured, ["Config"] = Honoured, ["Options"] = Honoured }),
        ["EnableIPv4"] = Honoured,
        ["EnableIPv6"] = Honoured,
        ["Options"] = Honoured,
        ["Labels"] = Honoured,
    };

    public static readonly FieldRules Connect = new()
    {
        ["Container"] = Honoured,
        ["EndpointConfig"] = Object(CreateFields.Endpoint),
    };

    public static readonly FieldRules Disconnect = new()
    {
        ["Container"] = Honoured,
        ["Force"] = Honoured,
    };
}
