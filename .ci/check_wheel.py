"""Check that a wheel holds everything under bargain/, package data included."""

import sys
from pathlib import Path
from zipfile import ZipFile

wheel = Path(sys.argv[1])
with ZipFile(wheel) as archive:
    shipped = set(archive.namelist())

source = {
    path.as_posix()
    for path in Path("bargain").rglob("*")
    if path.is_file() and "__pycache__" not in path.parts
}
missing = sorted(source - shipped)
if missing:
    sys.exit(f"{wheel.name} lacks {', '.join(missing)}")

data = [name for name in shipped if name.endswith((".json", ".yaml"))]
for folder in ("bargain/files/", "bargain/library/"):
    if not any(name.startswith(folder) for name in data):
        sys.exit(f"{wheel.name} has no .json or .yaml under {folder}")
print(f"{wheel.name}: {len(shipped)} files, {len(data)} of them data")
