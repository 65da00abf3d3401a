using Berth.Network.Networks;
using Berth.Storage;

namespace Berth.Network;

/// <summary>The driver options of a container's place on a network, understood: DriverOpts of the API. One that is not honoured is refused by name.</summary>
public sealed record EndpointOptions
{
    private const string InterfaceKey = "com.docker.network.endpoint.ifname", SettingsKey = "com.docker.network.endpoint.sysctls";
    private const int MostSettings = 128;

    /// <summary>What the interface is to be called in the container; null: the first free name behind the network's prefix.</summary>
    public string? Interface { get; init; }

    /// <summary>Written when the interface stands, in this order.</summary>
    public IReadOnlyList<InterfaceSetting> Settings { get; init; } = [];

    /// <exception cref="EngineException">Invalid or NotImplemented: names the option.</exception>
    public static EndpointOptions Parse(IReadOnlyDictionary<string, string>? options)
    {
        var parsed = new EndpointOptions();
        foreach ((string key, string value) in options ?? Network.None)
        {
            parsed = key switch
            {
                InterfaceKey => parsed with { Interface = value.Length == 0 ? null : NameOf(value) },
                SettingsKey => parsed with { Settings = SettingsOf(value) },
                _ => throw EngineException.NotImplemented($"the endpoint option {key} is not supported yet; leave it out"),
            };
        }

        return parsed;
    }

    private static string NameOf(string value) => value != "lo"
        ? BridgeOptions.LinkName(InterfaceKey, value, 15)
        : throw EngineException.Invalid($"invalid value \"lo\" of {InterfaceKey}: the container's loopback is called that");

    private static InterfaceSetting[] SettingsOf(string value)
    {
        string[] texts = value.Split(',');
        return texts.Length <= MostSettings
            ? [.. texts.Select(InterfaceSetting.Parse)]
            : throw EngineException.Invalid($"{SettingsKey} has {texts.Length} settings: at most {MostSettings} are taken");
    }
}
