# Called by hil.cmd: builds host/Hil.Cli when a source is newer than the last build, was added or removed; one build at a time.
$root = $PSScriptRoot
$state = Join-Path $root '.hil'
$program = Join-Path $root 'host/Hil.Cli/bin/Release/net10.0/hil.dll'
$stamp = Join-Path $state 'built'
$begun = Join-Path $state 'built.new'
$log = Join-Path $state 'build.log'

# The files that the program is built from.
function Get-Sources {
    $queue = [System.Collections.Generic.Queue[System.IO.DirectoryInfo]]::new()
    foreach ($folder in 'host', 'sim', 'fpga/machines') { $queue.Enqueue([System.IO.DirectoryInfo]::new((Join-Path $root $folder))) }
    foreach ($file in 'global.json', 'Directory.Build.props', 'Directory.Packages.props') { [System.IO.FileInfo]::new((Join-Path $root $file)) }
    while ($queue.Count -gt 0) {
        foreach ($entry in $queue.Dequeue().EnumerateFileSystemInfos()) {
            if ($entry -isnot [System.IO.DirectoryInfo]) { $entry }
            elseif ($entry.Name -ne 'bin' -and $entry.Name -ne 'obj') { $queue.Enqueue($entry) }
        }
    }
}

function Get-Names($sources) { (@($sources.FullName) | Sort-Object) -join "`n" }

function Test-Stale {
    if (-not (Test-Path $program) -or -not (Test-Path $stamp)) { return $true }
    $last = (Get-Item $stamp).LastWriteTimeUtc
    $sources = @(Get-Sources)
    foreach ($source in $sources) { if ($source.LastWriteTimeUtc -gt $last) { return $true } }
    return (Get-Names $sources) -ne [System.IO.File]::ReadAllText($stamp)
}

if (-not (Test-Stale)) { exit 0 }
if (-not (Get-Command dotnet -ErrorAction SilentlyContinue)) {
    [Console]::Error.WriteLine('hil: the .NET SDK 10 or newer is needed and no dotnet was found.')
    exit 1
}
New-Item -ItemType Directory -Force $state | Out-Null
$lock = $null
while ($null -eq $lock) {
    try { $lock = [System.IO.File]::Open((Join-Path $state 'build.lock'), 'OpenOrCreate', 'ReadWrite', 'None') }
    catch [System.IO.IOException] { Start-Sleep -Milliseconds 200 }
}
try {
    if (-not (Test-Stale)) { exit 0 }
    [Console]::Error.WriteLine('hil: building ...')
    # A build that was broken off left its stamp: what it left half-written looks new, so that everything is built anew.
    $again = @(if (Test-Path $begun) { '--no-incremental' })
    # The stamp is taken before the build, so that a source saved while building counts as newer.
    [System.IO.File]::WriteAllText($begun, (Get-Names @(Get-Sources)))
    $env:MSBUILDDISABLENODEREUSE = '1'
    dotnet build (Join-Path $root 'host/Hil.Cli/Hil.Cli.csproj') -c Release --nologo -v minimal @again *> $log
    if ($LASTEXITCODE -ne 0) {
        Remove-Item -Force $begun
        Select-String -Path $log -Pattern 'error' | Select-Object -First 40 |
            ForEach-Object { [Console]::Error.WriteLine($_.Line) }
        [Console]::Error.WriteLine("hil: the build failed; the whole log is in $log")
        exit 1
    }
    Move-Item -Force $begun $stamp
    [Console]::Error.WriteLine('hil: built.')
} finally { $lock.Dispose() }
