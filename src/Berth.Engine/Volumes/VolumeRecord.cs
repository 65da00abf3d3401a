namespace Berth.Engine.Volumes;

/// <summary>A volume's row.</summary>
/// <param name="Name">Also its folder's.</param>
/// <param name="Created">When.</param>
/// <param name="Document">The rest.</param>
/// <param name="Containers">How many containers, running or not, have it.</param>
internal sealed record VolumeRecord(string Name, DateTimeOffset Created, VolumeDocument Document, int Containers);
