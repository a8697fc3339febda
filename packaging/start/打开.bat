@echo off
rem What a double-click runs: the desk, without a console. All but the last lines are ASCII, whatever the code page.
setlocal
for /f "delims=" %%v in ('ver') do set "system=%%v"
if not "%system: 6.=%"=="%system%" goto unfit
if not "%system: 5.=%"=="%system%" goto unfit
if /i not "%PROCESSOR_ARCHITECTURE%"=="AMD64" if /i not "%PROCESSOR_ARCHITEW6432%"=="AMD64" goto unfit
if not exist "%~dp0python\pythonw.exe" goto part
if not exist "%~dp0python\start_desk.py" goto part
set PYTHONDONTWRITEBYTECODE=1
set PYTHONNOUSERSITE=1
set PYTHONUTF8=1
set PYTHONPATH=
set PYTHONHOME=
start "" "%~dp0python\pythonw.exe" -P "%~dp0python\start_desk.py" %*
exit /b 0
:unfit
rem Notepad shows Chinese whatever the code page: the one text beside this file says what to do.
pushd "%~dp0"
for %%f in (*.txt) do start "" notepad.exe "%%f"
exit /b 3
:part
chcp 65001 >nul
echo Please unpack the whole zip first.
echo 文件不全：请在压缩包上点右键，选“全部解压缩”，再双击解压出来的“打开”。已经全部解压的，可能被杀毒软件隔离了，请看“说明”。
pause
exit /b 3
