@echo off
rem A console in the workspace, in which tenproj is known.
setlocal
if not exist "%~dp0python\start_desk.py" goto part
chcp 65001 >nul
set PYTHONDONTWRITEBYTECODE=1
set PYTHONNOUSERSITE=1
set PYTHONUTF8=1
set PYTHONPATH=
set PYTHONHOME=
"%~dp0python\python.exe" -P "%~dp0python\start_desk.py" --console
exit /b %errorlevel%
:part
echo Please unpack the whole zip first.
pause
exit /b 3
