using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;

using Berth.Linux.Interop;
using Berth.Runtime.Init;

namespace Berth.Runtime.Tests.Init;

/// <summary>
/// Reads the IL of the loop that runs in the child. Nothing may allocate, throw, box, touch a static or call what the garbage collector could
/// meet: only the loop itself and imports marked [SuppressGCTransition].
/// </summary>
public sealed class InitLoopTests
{
    private static readonly ILOpCode[] Forbidden =
    [
        ILOpCode.Newobj, ILOpCode.Newarr, ILOpCode.Box, ILOpCode.Unbox, ILOpCode.Unbox_any, ILOpCode.Throw, ILOpCode.Rethrow, ILOpCode.Ldstr, ILOpCode.Callvirt,
        ILOpCode.Calli, ILOpCode.Ldsfld, ILOpCode.Ldsflda, ILOpCode.Stsfld, ILOpCode.Castclass, ILOpCode.Isinst, ILOpCode.Ldtoken, ILOpCode.Ldftn, ILOpCode.Endfinally,
    ];

    [Fact]
    public void TheLoopIsFreeOfTheRuntime() => Assert.Empty(Offences(typeof(InitLoop)));

    [Fact]
    public void TheTestFindsOffences() => Assert.NotEmpty(Offences(typeof(ContainerLauncher)));

    private static List<string> Offences(Type type)
    {
        using FileStream file = File.OpenRead(type.Assembly.Location);
        using var image = new PEReader(file);
        MetadataReader metadata = image.GetMetadataReader();
        TypeDefinition definition = metadata.GetTypeDefinition((TypeDefinitionHandle)MetadataTokens.Handle(type.MetadataToken));
        var offences = new List<string>();
        foreach (MethodDefinitionHandle handle in definition.GetMethods())
        {
            MethodDefinition method = metadata.GetMethodDefinition(handle);
            string name = metadata.GetString(method.Name);
            MethodBodyBlock body = image.GetMethodBody(method.RelativeVirtualAddress);
            offences.AddRange(body.ExceptionRegions.Select(_ => $"{name}: an exception region"));
            Read(body.GetILContent(), name, type, offences);
        }

        return offences;
    }

    private static void Read(ImmutableArray<byte> il, string name, Type type, List<string> offences)
    {
        for (int i = 0; i < il.Length;)
        {
            var code = (ILOpCode)(il[i] == 0xfe ? 0xfe00 | il[i + 1] : il[i]);
            i += il[i] == 0xfe ? 2 : 1;
            if (Forbidden.Contains(code))
            {
                offences.Add($"{name}: {code}");
            }

            if (code == ILOpCode.Call)
            {
                MethodBase called = type.Module.ResolveMethod(BitConverter.ToInt32(il.AsSpan(i, 4)))!;
                bool import = called.DeclaringType == typeof(Libc) && called.IsDefined(typeof(SuppressGCTransitionAttribute));
                if (!import && called.DeclaringType != type)
                {
                    offences.Add($"{name}: call {called.DeclaringType}.{called.Name}");
                }
            }

            i += OperandSize(code, il, i);
        }
    }

    private static int OperandSize(ILOpCode code, ImmutableArray<byte> il, int at) => code switch
    {
        ILOpCode.Switch => 4 + 4 * BitConverter.ToInt32(il.AsSpan(at, 4)),
        ILOpCode.Ldc_i8 or ILOpCode.Ldc_r8 => 8,
        >= ILOpCode.Br_s and <= ILOpCode.Blt_un_s => 1,
        >= ILOpCode.Br and <= ILOpCode.Blt_un => 4,
        ILOpCode.Ldarg_s or ILOpCode.Ldarga_s or ILOpCode.Starg_s or ILOpCode.Ldloc_s or ILOpCode.Ldloca_s or ILOpCode.Stloc_s or ILOpCode.Ldc_i4_s
            or ILOpCode.Unaligned or ILOpCode.Leave_s => 1,
        ILOpCode.Ldarg or ILOpCode.Ldarga or ILOpCode.Starg or ILOpCode.Ldloc or ILOpCode.Ldloca or ILOpCode.Stloc => 2,
        ILOpCode.Ldc_i4 or ILOpCode.Ldc_r4 or ILOpCode.Call or ILOpCode.Calli or ILOpCode.Jmp or ILOpCode.Callvirt or ILOpCode.Newobj or ILOpCode.Ldstr
            or ILOpCode.Castclass or ILOpCode.Isinst or ILOpCode.Unbox or ILOpCode.Ldfld or ILOpCode.Ldflda or ILOpCode.Stfld or ILOpCode.Ldsfld or ILOpCode.Ldsflda
            or ILOpCode.Stsfld or ILOpCode.Ldobj or ILOpCode.Stobj or ILOpCode.Box or ILOpCode.Newarr or ILOpCode.Ldelema or ILOpCode.Ldelem or ILOpCode.Stelem
            or ILOpCode.Unbox_any or ILOpCode.Ldtoken or ILOpCode.Ldftn or ILOpCode.Ldvirtftn or ILOpCode.Initobj or ILOpCode.Constrained or ILOpCode.Sizeof
            or ILOpCode.Cpobj or ILOpCode.Leave or ILOpCode.Mkrefany or ILOpCode.Refanyval => 4,
        _ => 0,
    };
}
