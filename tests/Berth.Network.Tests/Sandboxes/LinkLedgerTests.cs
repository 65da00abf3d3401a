using System.Net;

using Berth.Network.Sandboxes;

namespace Berth.Network.Tests.Sandboxes;

public sealed class LinkLedgerTests
{
    private static readonly IPAddress Address1 = IPAddress.Parse("10.0.0.1");

    private static readonly IPAddress Address2 = IPAddress.Parse("10.0.0.2");

    [Fact]
    public void AnAddressIsFreeOnceReleasedAndGone()
    {
        var ledger = new LinkLedger();
        Assert.True(ledger.TryAdd("a", Address1));
        Assert.False(ledger.TryAdd("a", Address2));
        Assert.Null(ledger.Release("a", 100));
        Assert.Equal(1, ledger.Dying);
        Assert.Equal(Address1, ledger.Removed("a"));
        Assert.Equal(0, ledger.Dying);
        Assert.Empty(ledger.Names);
    }

    [Fact]
    public void TheKernelMayBeFasterThanTheRelease()
    {
        var ledger = new LinkLedger();
        ledger.TryAdd("a", Address1);
        Assert.Null(ledger.Removed("a")); // the container just ended
        Assert.Equal(Address1, ledger.Release("a", 100));
        Assert.Equal(0, ledger.Dying);
        Assert.True(ledger.TryAdd("a", Address2));
    }

    [Fact]
    public void WhatDoesNotDieIsReportedOnceEachDeadline()
    {
        var ledger = new LinkLedger();
        ledger.TryAdd("a", Address1);
        ledger.TryAdd("b", Address2);
        Assert.Null(ledger.NextDeadline());
        ledger.Release("a", 100);
        ledger.Release("b", 200);
        Assert.Equal(100, ledger.NextDeadline());
        Assert.Empty(ledger.Overdue(99, 300));
        Assert.Equal(["a"], ledger.Overdue(100, 300));
        Assert.Empty(ledger.Overdue(100, 300));
        Assert.Equal(200, ledger.NextDeadline());
    }

    [Fact]
    public void StrangersAndRepetitionsDoNoHarm()
    {
        var ledger = new LinkLedger();
        Assert.Null(ledger.Removed("eth0"));
        Assert.Null(ledger.Release("eth0", 1));
        ledger.TryAdd("a", Address1);
        Assert.Null(ledger.Release("a", 100));
        Assert.Null(ledger.Release("a", 100));
        Assert.Equal(1, ledger.Dying);
        Assert.Equal(["a"], ledger.Missing(new HashSet<string> { "b" }));
        Assert.Empty(ledger.Missing(new HashSet<string> { "a" }));
    }
}
