using System.Reflection;

namespace Berth.Oci.Tests.Runtime;

/// <summary>Makes records in which every member is set, each to something else, by reflection: a member that a reader forgets shows.</summary>
internal sealed class FilledRecord
{
    private int _next;

    public static T Of<T>() => (T)new FilledRecord().Make(typeof(T));

    private object Make(Type type)
    {
        _next++;
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string))
        {
            return $"text \"{_next}\" \\ ä\u0001";
        }

        if (type == typeof(bool))
        {
            return true;
        }

        if (type.IsEnum)
        {
            Array values = Enum.GetValues(type);
            return values.GetValue(_next % values.Length)!;
        }

        if (type.IsPrimitive)
        {
            return Convert.ChangeType(_next, type, System.Globalization.CultureInfo.InvariantCulture);
        }

        if (type == typeof(DateTimeOffset))
        {
            return DateTimeOffset.UnixEpoch.AddSeconds(_next).AddTicks(1);
        }

        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
        {
            Type element = type.GetGenericArguments()[0];
            Array two = Array.CreateInstance(element, 2);
            two.SetValue(Make(element), 0);
            two.SetValue(Make(element), 1);
            return two;
        }

        if (type.IsGenericType)
        {
            return new Dictionary<string, string> { ["a"] = $"{_next}", ["b.c"] = "" };
        }

        object record = System.Runtime.CompilerServices.RuntimeHelpers.GetUninitializedObject(type);
        foreach (PropertyInfo property in type.GetProperties().Where(p => p.CanWrite))
        {
            property.SetValue(record, Make(property.PropertyType));
        }

        return record;
    }
}
