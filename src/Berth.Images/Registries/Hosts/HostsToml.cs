using Tomlyn.Model;
using Tomlyn.Serialization;

namespace Berth.Images.Registries.Hosts;

/// <summary>Reading TOML without reflection.</summary>
[TomlSerializable(typeof(TomlTable))]
internal sealed partial class HostsToml : TomlSerializerContext;
