namespace Berth.Cli.Specs;

/// <summary>"--publish-policy open|host": whether packets to a container's published ports pass by the host's own firewall. Goes as a label.</summary>
internal static class PublishPolicy
{
    public const string Label = "berth.publish-policy";

    public static string[] Choices { get; } = ["open", "host"];

    public static string? Check(ref string value) => Array.IndexOf(Choices, value) >= 0 ? null : "must be \"open\" or \"host\"";

    /// <summary>Adds the label.</summary>
    /// <exception cref="SpecException">The user's own label of that name says otherwise.</exception>
    public static void AddTo(List<string> labels, string policy)
    {
        string label = $"{Label}={policy}";
        if (labels.Find(l => KeyValue.Split(l).Key == Label) is string other && other != label)
        {
            throw new SpecException($"conflicting options: cannot specify both --publish-policy {policy} and the label {other}");
        }

        labels.Add(label);
    }
}
