namespace Berth.Conformance.Tests.Debian;

/// <summary>One import for all tests in Debian.</summary>
[CollectionDefinition(DebianFixture.Collection)]
public sealed class DebianCollection : ICollectionFixture<DebianFixture>;
