@echo off
setlocal
set PYTHONDONTWRITEBYTECODE=1
set PYTHONNOUSERSITE=1
set PYTHONUTF8=1
set PYTHONPATH=
set PYTHONHOME=
"%~dp0python\python.exe" -m tenproj_xl.cli.main %*
exit /b %errorlevel%
