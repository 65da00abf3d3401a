using System.Globalization;

namespace Berth.Build.Dockerfile.Instructions;

/// <summary>A FROM and what follows it.</summary>
/// <param name="Index">From 0, as COPY --from=0 names it.</param>
public sealed record Stage(int Index, FromInstruction From, IReadOnlyList<Instruction> Instructions)
{
    /// <summary>null: it has only its number.</summary>
    public string? Name => From.StageName;

    /// <summary>As progress and messages call it.</summary>
    public string DisplayName => Name ?? "stage-" + Index.ToString(CultureInfo.InvariantCulture);
}
