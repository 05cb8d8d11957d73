namespace Hil.Compression.Quantization;

/// <summary>What can be chosen in quantization; the defaults are the measured best.</summary>
/// <param name="StreamHeadroom">Range of an int16 tensor over the largest calibrated value.</param>
/// <param name="InputHeadroom">The same for the 15-bit model input.</param>
/// <param name="WarningShare">Share of clipped elements from which on calibration is called too small.</param>
public sealed record QuantizationOptions(
    double StreamHeadroom = 2, double InputHeadroom = 1, double WarningShare = 0.0005);

/// <summary>Something that may cost quality.</summary>
/// <param name="Where">Tensor or layer.</param>
/// <param name="What">What was seen.</param>
/// <param name="WhatToDo">What would help.</param>
public sealed record QuantizationWarning(string Where, string What, string WhatToDo);
