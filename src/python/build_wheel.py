"""Packs the Python package, a native command and the built widget as a wheel: build_wheel.py COMMAND PLATFORM FOLDER; prints its path.

Entries are sorted, and their times are SOURCE_DATE_EPOCH's, so the same files give the same bytes.
"""

import base64
import hashlib
import os
import re
import sys
import time
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parents[1]
NAME, MODULE = "causal-sessions", "causal_sessions"


def version() -> str:
    return re.search(r"^project\(causal_sessions VERSION (\S+)", (REPOSITORY / "CMakeLists.txt").read_text("utf-8"), re.M)[1]


def metadata() -> str:
    readme = (HERE / "README.md").read_text("utf-8")
    summary = re.search(r"^# .*\n\n(.+)$", readme, re.M)[1]
    return f"""Metadata-Version: 2.4
Name: {NAME}
Version: {version()}
Summary: {summary}
License-Expression: MIT
License-File: LICENSE
Requires-Python: >=3.10
Requires-Dist: pyarrow>=16
Provides-Extra: spark
Requires-Dist: pyspark>=4; extra == "spark"
Provides-Extra: widget
Requires-Dist: anywidget>=0.9; extra == "widget"
Description-Content-Type: text/markdown

{readme}"""


def entries(command: Path, tag: str) -> dict[str, tuple[bytes, int]]:
    """Content and mode by the path in the wheel."""
    info = f"{MODULE}-{version()}.dist-info"
    wheel = f"Wheel-Version: 1.0\nGenerator: {NAME}\nRoot-Is-Purelib: false\nTag: {tag}\n"
    found = {
        path.relative_to(HERE).as_posix(): (path.read_bytes(), 0o644)
        for path in (HERE / MODULE).rglob("*")
        if path.suffix == ".py" or path.name == "py.typed"
    }
    found[f"{MODULE}/widget.js"] = ((REPOSITORY / "web" / "dist-widget" / "widget.js").read_bytes(), 0o644)
    found[f"{MODULE}/bin/{NAME}"] = (command.read_bytes(), 0o755)
    found[f"{info}/METADATA"] = (metadata().encode(), 0o644)
    found[f"{info}/WHEEL"] = (wheel.encode(), 0o644)
    found[f"{info}/entry_points.txt"] = (f"[console_scripts]\n{NAME} = {MODULE}.__main__:main\n".encode(), 0o644)
    found[f"{info}/licenses/LICENSE"] = ((REPOSITORY / "LICENSE").read_bytes(), 0o644)
    record = "".join(f"{path},sha256={digest(data)},{len(data)}\n" for path, (data, _) in sorted(found.items()))
    return dict(sorted(found.items())) | {f"{info}/RECORD": (f"{record}{info}/RECORD,,\n".encode(), 0o644)}


def digest(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


def main(command: str, platform: str, folder: str) -> None:
    tag = f"py3-none-{platform}"
    path = Path(folder) / f"{MODULE}-{version()}-{tag}.whl"
    path.parent.mkdir(parents=True, exist_ok=True)
    when = time.gmtime(max(int(os.environ["SOURCE_DATE_EPOCH"]), 315532800))[:6]  # ZIP knows no earlier year than 1980
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as wheel:
        for name, (data, mode) in entries(Path(command), tag).items():
            entry = zipfile.ZipInfo(name, when)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = (0o100000 | mode) << 16
            wheel.writestr(entry, data)
    print(path)


if __name__ == "__main__":
    main(*sys.argv[1:])
