namespace Berth.Cli;

/// <summary>The name to call ourselves by in messages.</summary>
internal static class ProgramName
{
    /// <summary>"docker" when we were called by that name (a link of it to us), otherwise "berth".</summary>
    public static string From(string calledAs) => Path.GetFileName(calledAs) == "docker" ? "docker" : "berth";
}
