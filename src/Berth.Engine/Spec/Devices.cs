using System.Globalization;

using Berth.Oci.Runtime;
using Berth.Storage;

namespace Berth.Engine.Spec;

/// <summary>The devices controller's rules: everything is denied but what a container needs (Docker's list).</summary>
public static class Devices
{
    /// <summary>
    /// The rules of an ordinary container. CAP_MKNOD is among the default capabilities, so these alone keep its root from the host's disks.
    /// mknod itself is allowed, opening is not.
    /// </summary>
    public static readonly IReadOnlyList<DeviceRule> DefaultRules =
    [
        new() { Allow = false, Access = "rwm" },
        new() { Allow = true, Type = "c", Access = "m" },
        new() { Allow = true, Type = "b", Access = "m" },
        Character(1, 3), // null
        Character(1, 5), // zero
        Character(1, 7), // full
        Character(1, 8), // random
        Character(1, 9), // urandom
        Character(5, 0), // tty
        Character(5, 1), // console
        Character(5, 2), // ptmx
        Character(136, -1), // pts/*
        new() { Allow = false, Type = "c", Major = 10, Minor = 229, Access = "rwm" }, // fuse
    ];

    public static readonly IReadOnlyList<DeviceRule> AllRules = [new() { Allow = true, Access = "rwm" }];

    /// <summary>--device-cgroup-rule: "TYPE MAJOR:MINOR ACCESS".</summary>
    /// <exception cref="EngineException">Invalid.</exception>
    public static DeviceRule ParseRule(string rule)
    {
        string[] parts = rule.Split(' ');
        string[] numbers = parts.Length == 3 ? parts[1].Split(':') : [];
        bool good = numbers.Length == 2 && parts[0] is "a" or "b" or "c" && parts[2].Length is > 0 and <= 3 && parts[2].All(c => c is 'r' or 'w' or 'm');
        return good && TryNumber(numbers[0], out long major) && TryNumber(numbers[1], out long minor)
            ? new DeviceRule { Allow = true, Type = parts[0], Major = major, Minor = minor, Access = parts[2] }
            : throw EngineException.Invalid($"invalid device cgroup rule format: '{rule}'");
    }

    private static DeviceRule Character(long major, long minor) => new() { Allow = true, Type = "c", Major = major, Minor = minor, Access = "rwm" };

    private static bool TryNumber(string text, out long number)
    {
        number = -1;
        return text == "*" || (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= uint.MaxValue);
    }
}
