using Berth.Engine.Events;

namespace Berth.Engine.Containers;

/// <summary>Events about containers, with Docker's attributes: the labels, image and name, then what belongs to the action.</summary>
internal static class ContainerEvents
{
    public static EngineEvent Of(ContainerRecord record, string action, params ReadOnlySpan<(string Key, string Value)> more)
    {
        var attributes = new Dictionary<string, string>(record.Document.Config.Labels ?? new Dictionary<string, string>());
        if (!string.IsNullOrEmpty(record.Document.Config.Image))
        {
            attributes["image"] = record.Document.Config.Image;
        }

        attributes["name"] = record.Name;
        foreach ((string key, string value) in more)
        {
            attributes[key] = value;
        }

        return new EngineEvent("container", action, record.Id, attributes);
    }
}
