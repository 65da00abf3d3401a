namespace Berth.Conformance.Tests.Isolation;

/// <summary>One pair of engines for all comparisons.</summary>
[CollectionDefinition(BothEngines.Collection)]
public sealed class BothEnginesCollection : ICollectionFixture<BothEngines>;
