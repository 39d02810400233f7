"""Copy Leaflet into planner/web/vendor: run by a developer when the version changes, never by the program.

Usage: ``python tools/vendor_leaflet.py``. Needs ``npm``; asks it for exactly one package.
"""

from __future__ import annotations

import hashlib
import subprocess
import tarfile
import tempfile
from pathlib import Path

VERSION = "1.9.4"
WANTED = {
    "package/dist/leaflet.js": "leaflet.js",
    "package/dist/leaflet.css": "leaflet.css",
    "package/LICENSE": "LICENSE",
}
VENDOR = Path(__file__).resolve().parent.parent / "planner" / "web" / "vendor"


def main() -> None:
    """Fetch the package, copy the wanted files and write down their checksums."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["npm", "pack", f"leaflet@{VERSION}"], cwd=folder, check=True)
        archive = Path(folder) / f"leaflet-{VERSION}.tgz"
        VENDOR.mkdir(parents=True, exist_ok=True)
        lines = ["# Written by tools/vendor_leaflet.py; tests/test_maps.py recomputes the checksums.", ""]
        lines += ['name = "leaflet"', f'version = "{VERSION}"', 'license = "BSD-2-Clause"']
        lines += [f'source = "npm pack leaflet@{VERSION}"', "", "[sha256]"]
        with tarfile.open(archive) as package:
            for member, name in WANTED.items():
                source = package.extractfile(member)
                if source is None:
                    raise FileNotFoundError(member)
                content = source.read()
                (VENDOR / name).write_bytes(content)
                lines.append(f'"{name}" = "{hashlib.sha256(content).hexdigest()}"')
    (VENDOR / "VENDOR.toml").write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
