namespace Berth.Network.Endpoints;

/// <summary>What an endpoint's row keeps beside its columns.</summary>
internal sealed record EndpointDocument(string Address, int PrefixLength, string Gateway, string MacAddress, string HostInterface);
