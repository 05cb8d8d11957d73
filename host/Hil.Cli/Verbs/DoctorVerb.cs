using System.CommandLine;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Text.Json.Nodes;
using Hil.Cli.Testing;
using Hil.Jobs;

namespace Hil.Cli.Verbs;

internal static class DoctorVerb
{
    /// <summary>One thing that was looked at; what to do is null where nothing is to be done.</summary>
    private sealed record Finding(string Name, string State, string? WhatToDo);

    public static Command Create(Terminal terminal)
    {
        Option<bool> json = CommonOptions.Json();
        var command = new Command("doctor", AllVerbs.Describe(
            "Look at this machine (SDK, tools, ports, permissions) and print what to do; changes nothing.", "doctor"))
        {
            json,
        };
        command.SetAction(parsed =>
        {
            Finding[] findings = [.. Look()];
            if (parsed.GetValue(json))
            {
                Outputs.Write(terminal, new JsonObject
                {
                    ["schema"] = "hil.doctor/1",
                    ["findings"] = new JsonArray([.. findings.Select(f => new JsonObject
                    {
                        ["name"] = f.Name, ["state"] = f.State, ["ok"] = f.WhatToDo is null, ["whatToDo"] = f.WhatToDo,
                    })]),
                });
                return;
            }

            foreach (Finding f in findings)
            {
                terminal.Out.WriteLine($"{(f.WhatToDo is null ? "ok" : "--"),-3} {f.Name,-14} {f.State}");
                if (f.WhatToDo is not null)
                {
                    terminal.Out.WriteLine($"    {"",-14} {f.WhatToDo}");
                }
            }
        });
        return command;
    }

    private static IEnumerable<Finding> Look()
    {
        yield return new Finding(".NET", $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier}", null);
        yield return new Finding("vectors", Vectors(), null);
        foreach (BundledModel model in BundledModel.All)
        {
            yield return File.Exists(model.Model)
                ? new Finding("bundled model", model.Name, null)
                : new Finding("bundled model", $"{model.Name} is missing", "Start hil by the launcher of a clone.");
        }

        foreach (AvailableDevice device in AvailableDevices.List())
        {
            yield return new Finding("device", device.Name, device.Missing);
        }

        IReadOnlyList<HardwareTool> missing = HardwareTools.Missing();
        foreach (HardwareTool tool in HardwareTools.All)
        {
            yield return missing.Contains(tool)
                ? new Finding(tool.Program, $"not found: {tool.For}", HardwareTools.InstallCommand([tool]))
                : new Finding(tool.Program, ChildProcess.Find(tool.Program)!, null);
        }

        foreach (Finding port in Ports())
        {
            yield return port;
        }
    }

    private static IEnumerable<Finding> Ports()
    {
        string[] ports = OperatingSystem.IsLinux()
            ? [.. new[] { "ttyUSB*", "ttyACM*" }.SelectMany(p => Directory.GetFiles("/dev", p)).Order(StringComparer.Ordinal)]
            : [];
        if (ports.Length == 0)
        {
            yield return new Finding("serial ports", "none (no board is plugged in)", null);
        }

        foreach (string port in ports)
        {
            yield return CanOpen(port)
                ? new Finding("serial port", port, null)
                : new Finding("serial port", $"{port}: no permission", "sudo usermod -aG dialout $USER, then log in again.");
        }
    }

    private static bool CanOpen(string port)
    {
        try
        {
            using FileStream stream = File.Open(port, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            return true;
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            // Busy is not forbidden.
            return e is IOException;
        }
    }

    private static string Vectors() =>
        Avx512BW.IsSupported ? "AVX-512" : Avx2.IsSupported ? "AVX2" : "128-bit";
}
