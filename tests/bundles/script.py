"""The build script and what belongs to it as modules: they lie in no package."""

import importlib.util
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

SCRIPT = Path(__file__).parents[2] / "packaging" / "bundle.py"


START = SCRIPT.with_name("start") / "start_desk.py"


@cache
def bundle_script() -> ModuleType:
    """Load packaging/bundle.py, which imports the modules that lie beside it."""
    sys.path.append(str(SCRIPT.parent))
    return _loaded(SCRIPT)


def bundle_module(name: str) -> ModuleType:
    """Return a module that the build script imports."""
    bundle_script()
    return sys.modules[name]


@cache
def start_script() -> ModuleType:
    """Load what a double-click runs."""
    return _loaded(START)


def _loaded(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"{path.stem}_script", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module
