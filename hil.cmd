@echo off
rem Builds the hil program when a source is newer than the last build, then starts it. Needs the .NET SDK only.
setlocal
set "HIL_ROOT=%~dp0"
if "%HIL_ROOT:~-1%"=="\" set "HIL_ROOT=%HIL_ROOT:~0,-1%"
set "HIL_DOTNET=dotnet"
set "PROGRAM=%HIL_ROOT%\host\Hil.Cli\bin\Release\net10.0\hil.dll"
where dotnet >nul 2>nul
if errorlevel 1 (
    echo hil: the .NET SDK 10 or newer is needed and no dotnet was found. 1>&2
    echo hil: Install it from https://dotnet.microsoft.com/download, then try again. 1>&2
    exit /b 4
)
powershell -NoProfile -ExecutionPolicy Bypass -File "%HIL_ROOT%\hil-build.ps1"
if errorlevel 1 exit /b 4
dotnet "%PROGRAM%" %*
exit /b %errorlevel%
