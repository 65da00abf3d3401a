namespace Berth.Images.Signatures;

/// <summary>The kinds of requirements that are supported.</summary>
internal enum PolicyRequirementKind
{
    /// <summary>"insecureAcceptAnything".</summary>
    AcceptAnything,

    /// <summary>"reject".</summary>
    Reject,

    /// <summary>"sigstoreSigned" with keys.</summary>
    Signed,
}
