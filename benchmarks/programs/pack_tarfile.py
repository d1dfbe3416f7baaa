"""Packs a folder with Python's tarfile: `pack_tarfile.py <dir> <file>`."""

import os
import sys
import tarfile

folder, file = sys.argv[1:3]
with tarfile.open(file, "w:gz", compresslevel=6) as archive:
    archive.add(folder, os.path.basename(folder))
