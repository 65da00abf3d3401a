namespace Berth.Build.Dockerfile.Instructions;

/// <summary>ADD: as COPY, and archives, URLs and git repositories.</summary>
/// <param name="KeepGitFolder">Of --keep-git-dir; null: not given.</param>
/// <param name="Checksum">What a URL's content or a repository's commit must be.</param>
/// <param name="Unpack">Of --unpack; null: archives of the context are unpacked, those of URLs are not.</param>
public sealed record AddInstruction(
    InstructionNode Node, SourceSet Sources, string? Owner, string? Mode, bool IsLink, bool? KeepGitFolder, string? Checksum, bool? Unpack,
    IReadOnlyList<string> Excludes) : Instruction(Node);
