using System.Text.Json;

using Berth.Storage;

namespace Berth.Engine.Spec;

/// <summary>--security-opt, read.</summary>
public sealed record SecurityOptions
{
    public bool NoNewPrivileges { get; init; }

    /// <summary>seccomp=unconfined.</summary>
    public bool SeccompUnconfined { get; init; }

    /// <summary>seccomp=JSON: the client sends a file's content, in Docker's form of it.</summary>
    public JsonElement? SeccompProfile { get; init; }

    /// <summary>systempaths=unconfined: nothing masked, nothing read-only.</summary>
    public bool SystemPathsUnconfined { get; init; }

    /// <exception cref="EngineException">Invalid: not an option that Docker knows. NotImplemented: one that asks for what this host has not.</exception>
    public static SecurityOptions Parse(IReadOnlyList<string>? options)
    {
        var parsed = new SecurityOptions();
        foreach (string option in options ?? [])
        {
            parsed = parsed.With(option);
        }

        return parsed;
    }

    private SecurityOptions With(string option)
    {
        if (option == "no-new-privileges")
        {
            return this with { NoNewPrivileges = true };
        }

        // ":" was Docker's first separator and is still taken.
        int at = option.IndexOfAny(['=', ':']);
        if (at < 0)
        {
            throw EngineException.Invalid($"invalid --security-opt 1: \"{option}\"");
        }

        string key = option[..at], value = option[(at + 1)..];
        return key switch
        {
            "no-new-privileges" => this with
            {
                NoNewPrivileges = bool.TryParse(value, out bool on) ? on : throw EngineException.Invalid($"invalid --security-opt 2: \"{option}\""),
            },
            "seccomp" when value is "unconfined" => this with { SeccompUnconfined = true, SeccompProfile = null },
            "seccomp" when value is "builtin" => this with { SeccompUnconfined = false, SeccompProfile = null },
            "seccomp" => this with { SeccompUnconfined = false, SeccompProfile = Profile(value) },
            "systempaths" when value == "unconfined" => this with { SystemPathsUnconfined = true },

            // No AppArmor or SELinux means that nothing is confined by them: asking for just that is granted, a profile is not.
            "apparmor" when value == "unconfined" => this,
            "label" when value == "disable" => this,
            "apparmor" or "label" or "writable-cgroups" => throw EngineException.NotImplemented($"--security-opt {key} is not supported yet: remove it, or ask for {key}={(key == "label" ? "disable" : "unconfined")}"),
            _ => throw EngineException.Invalid($"invalid --security-opt 2: \"{option}\""),
        };
    }

    private static JsonElement Profile(string json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            return document.RootElement.Clone();
        }
        catch (JsonException e)
        {
            throw EngineException.Invalid($"Decoding seccomp profile failed: {e.Message}", e);
        }
    }
}
