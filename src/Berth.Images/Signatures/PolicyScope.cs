namespace Berth.Images.Signatures;

/// <summary>The part of a policy that decides on one image.</summary>
/// <param name="Shown">Where in the file it stands, for errors.</param>
/// <param name="Requirements">All have to be met; never none.</param>
internal sealed record PolicyScope(string Shown, IReadOnlyList<PolicyRequirement> Requirements)
{
    public bool Rejects => Requirements.Any(static r => r.Kind == PolicyRequirementKind.Reject);

    /// <summary>What signatures have to be there.</summary>
    public IReadOnlyList<PolicyRequirement> Signed => [.. Requirements.Where(static r => r.Kind == PolicyRequirementKind.Signed)];
}
