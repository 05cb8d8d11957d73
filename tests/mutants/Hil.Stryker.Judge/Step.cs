using System.Reflection;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Hil.Stryker.Judge;

/// <summary>One test with its arguments, called without a runner: a thousand times in one process. Throws where the test fails.</summary>
internal sealed record Step(string Name, Action Run)
{
    /// <summary>The tests of a class, or those of some name, or with some arguments.</summary>
    public static IEnumerable<Step> Of(Type tests, string? name = null, Func<object?[], bool>? chosen = null) =>
        from method in tests.GetMethods()
        where method.GetCustomAttributes<FactAttribute>().Any() && (name is null || method.Name == name)
        from arguments in Arguments(method)
        where chosen is null || chosen(arguments)
        select new Step($"{tests.Name}.{method.Name}({string.Join(", ", arguments)})", () => Call(tests, method, arguments));

    private static IEnumerable<object?[]> Arguments(MethodInfo method)
    {
        DataAttribute[] data = [.. method.GetCustomAttributes<DataAttribute>()];
        return data.Length == 0 ? [[]] : data.SelectMany(d => d.GetData(method));
    }

    private static void Call(Type tests, MethodInfo method, object?[] arguments)
    {
        bool wantsOutput = tests.GetConstructors().Any(c => c.GetParameters().Length == 1);
        object test = Activator.CreateInstance(tests, wantsOutput ? [new Silence()] : [])!;
        try
        {
            if (method.Invoke(test, arguments) is Task task) task.GetAwaiter().GetResult();
        }
        catch (TargetInvocationException e) when (e.InnerException is Xunit.SkipException)
        {
            // What this machine cannot do judges nothing.
        }
    }

    private sealed class Silence : ITestOutputHelper
    {
        public void WriteLine(string message)
        {
        }

        public void WriteLine(string format, params object[] args)
        {
        }
    }
}
