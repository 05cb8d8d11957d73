namespace Hil.Service;

/// <summary>How the service runs.</summary>
/// <param name="DataFolder">Queue, objects and logs; one service at a time owns it.</param>
/// <param name="Port">On the loopback interface; 0 takes a free one.</param>
/// <param name="Workers">Jobs at a time; each job uses all cores by itself.</param>
/// <param name="MaxUploadBytes">Of one job's files together.</param>
public sealed record ServiceOptions(string DataFolder, int Port, int Workers, long MaxUploadBytes)
{
    public const int DefaultPort = 5170;

    /// <summary>Larger than any model that a small FPGA could want.</summary>
    public const long DefaultMaxUploadBytes = 1L << 30;

    public static ServiceOptions In(string dataFolder) => new(dataFolder, DefaultPort, 1, DefaultMaxUploadBytes);
}
