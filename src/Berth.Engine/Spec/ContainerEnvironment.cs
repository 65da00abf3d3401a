namespace Berth.Engine.Spec;

/// <summary>The environment of a container's first process, and of an exec.</summary>
public static class ContainerEnvironment
{
    public const string DefaultPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <param name="configured">Of image and request; NAME without "=" takes a default away.</param>
    /// <param name="hostname">HOSTNAME.</param>
    /// <param name="terminal">TERM=xterm, unless configured.</param>
    /// <param name="home">HOME, unless configured.</param>
    public static IReadOnlyList<string> Of(IReadOnlyList<string>? configured, string hostname, bool terminal, string home)
    {
        List<string> variables = [DefaultPath, $"HOSTNAME={hostname}", .. terminal ? ["TERM=xterm"] : (string[])[]];
        return WithHome(Over(variables, configured ?? []), home);
    }

    /// <summary>As <see cref="Of"/>, with the variables of one exec over those of the container.</summary>
    public static IReadOnlyList<string> OfExec(IReadOnlyList<string>? container, IReadOnlyList<string>? exec, string hostname, bool terminal, string home)
    {
        List<string> variables = [DefaultPath, $"HOSTNAME={hostname}", .. terminal ? ["TERM=xterm"] : (string[])[]];
        return WithHome(Over(Over(variables, container ?? []), exec ?? []), home);
    }

    private static List<string> Over(List<string> below, IReadOnlyList<string> above)
    {
        foreach (string entry in above)
        {
            string name = Name(entry);
            int at = below.FindIndex(e => Name(e) == name);
            if (!entry.Contains('=', StringComparison.Ordinal))
            {
                below.RemoveAll(e => Name(e) == name);
            }
            else if (at >= 0)
            {
                below[at] = entry;
            }
            else
            {
                below.Add(entry);
            }
        }

        return below;
    }

    private static List<string> WithHome(List<string> variables, string home)
    {
        if (!variables.Exists(e => Name(e) == "HOME"))
        {
            variables.Add($"HOME={home}");
        }

        return variables;
    }

    private static string Name(string entry) => entry.Split('=', 2)[0];
}
