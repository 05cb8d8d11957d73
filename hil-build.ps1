# Called by hil.cmd: builds host/Hil.Cli when a source is newer than the last build, one build at a time.
$root = $PSScriptRoot
$state = Join-Path $root '.hil'
$program = Join-Path $root 'host/Hil.Cli/bin/Release/net10.0/hil.dll'
$stamp = Join-Path $state 'built'
$log = Join-Path $state 'build.log'

function Test-Stale {
    if (-not (Test-Path $program) -or -not (Test-Path $stamp)) { return $true }
    $last = (Get-Item $stamp).LastWriteTimeUtc
    $queue = [System.Collections.Generic.Queue[System.IO.DirectoryInfo]]::new()
    foreach ($folder in 'host', 'sim', 'fpga/machines') {
        $path = Join-Path $root $folder
        if (Test-Path $path) { $queue.Enqueue([System.IO.DirectoryInfo]::new($path)) }
    }
    foreach ($file in 'global.json', 'Directory.Build.props', 'Directory.Packages.props') {
        if ((Get-Item (Join-Path $root $file)).LastWriteTimeUtc -gt $last) { return $true }
    }
    while ($queue.Count -gt 0) {
        $folder = $queue.Dequeue()
        if ($folder.LastWriteTimeUtc -gt $last) { return $true }
        foreach ($entry in $folder.EnumerateFileSystemInfos()) {
            if ($entry -is [System.IO.DirectoryInfo]) {
                if ($entry.Name -ne 'bin' -and $entry.Name -ne 'obj') { $queue.Enqueue($entry) }
            } elseif ($entry.LastWriteTimeUtc -gt $last) { return $true }
        }
    }
    return $false
}

if (-not (Test-Stale)) { exit 0 }
New-Item -ItemType Directory -Force $state | Out-Null
$lock = $null
while ($null -eq $lock) {
    try { $lock = [System.IO.File]::Open((Join-Path $state 'build.lock'), 'OpenOrCreate', 'ReadWrite', 'None') }
    catch [System.IO.IOException] { Start-Sleep -Milliseconds 200 }
}
try {
    if (-not (Test-Stale)) { exit 0 }
    [Console]::Error.WriteLine('hil: building ...')
    $started = [DateTime]::UtcNow
    $env:MSBUILDDISABLENODEREUSE = '1'
    dotnet build (Join-Path $root 'host/Hil.Cli/Hil.Cli.csproj') -c Release --nologo -v minimal *> $log
    if ($LASTEXITCODE -ne 0) {
        Select-String -Path $log -Pattern 'error' | Select-Object -First 40 |
            ForEach-Object { [Console]::Error.WriteLine($_.Line) }
        [Console]::Error.WriteLine("hil: the build failed; the whole log is in $log")
        exit 1
    }
    New-Item -ItemType File -Force $stamp | Out-Null
    (Get-Item $stamp).LastWriteTimeUtc = $started
    [Console]::Error.WriteLine('hil: built.')
} finally { $lock.Dispose() }
