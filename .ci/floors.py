"""Print the lowest versions that pyproject.toml allows, as constraints for pip."""

import re
import tomllib
from pathlib import Path

project = tomllib.loads(Path(__file__).parents[1].joinpath("pyproject.toml").read_text())["project"]
for dependency in project["dependencies"]:
    name, floor = re.match(r"([\w.-]+).*?>=([\w.]+)", dependency).groups()
    print(f"{name}=={floor}")
