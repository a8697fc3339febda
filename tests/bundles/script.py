"""The build script as a module: it lies in no package."""

import importlib.util
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

SCRIPT = Path(__file__).parents[2] / "packaging" / "bundle.py"


@cache
def bundle_script() -> ModuleType:
    """Load packaging/bundle.py."""
    spec = importlib.util.spec_from_file_location("bundle_script", SCRIPT)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module
