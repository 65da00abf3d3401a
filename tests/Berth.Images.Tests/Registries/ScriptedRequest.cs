namespace Berth.Images.Tests.Registries;

/// <summary>What a client sent.</summary>
internal sealed record ScriptedRequest(string Method, string Target, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Path => Target.Split('?')[0];

    /// <summary>A header; empty: not sent.</summary>
    public string this[string name] => Headers.GetValueOrDefault(name, "");

    public override string ToString() => $"{Method} {Target}";
}
