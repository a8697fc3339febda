@echo off
chcp 65001 >nul
ver | findstr /c:" 6." >nul && goto old
if /i not "%PROCESSOR_ARCHITECTURE%"=="AMD64" if /i not "%PROCESSOR_ARCHITEW6432%"=="AMD64" goto small
if not exist "%~dp0python\python.exe" goto part
set "PATH=%~dp0;%PATH%"
if exist "%~dp0..\工作区\" (cd /d "%~dp0..\工作区") else (cd /d "%~dp0..")
call tenproj
cmd /k
exit /b
:old
echo 这个绿色版要 Windows 10 或 11，Windows 7、8 运行不了。请换一台电脑运行；填报表在哪里都能填。
pause
exit /b 3
:small
echo 这个绿色版要64位的 Windows（x64），这台电脑是 %PROCESSOR_ARCHITECTURE%。请换一台电脑运行；填报表在哪里都能填。
pause
exit /b 3
:part
echo 文件不全。请在压缩包上点右键，选“全部解压缩”，再双击解压出来的“打开”。
pause
exit /b 3
