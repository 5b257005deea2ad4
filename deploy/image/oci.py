# SPDX-License-Identifier: Apache-2.0
"""Layers and OCI layouts whose bytes depend on what is in them alone: names sorted, owners and times fixed."""
import gzip
import hashlib
import io
import json
import os
import stat
import tarfile


def layer_of(directory, epoch, owners):
    """(gzipped tar, digest of the tar itself) of all below `directory`. `owners`: path -> uid; all else is root's."""
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for path in sorted(paths_below(directory)):
            entry = tar.gettarinfo(os.path.join(directory, path), arcname=path)
            entry.uid = entry.gid = owners.get(path, 0)
            entry.uname = entry.gname = ""
            entry.mtime = epoch
            if entry.islnk():  # two names of one file: each is a file of its own
                entry.type, entry.linkname = tarfile.REGTYPE, ""
                entry.size = os.path.getsize(os.path.join(directory, path))
            if not entry.issym():
                entry.mode = 0o1777 if path == "tmp" else 0o755 if entry.isdir() or entry.mode & stat.S_IXUSR else 0o644
            if entry.isreg():
                with open(os.path.join(directory, path), "rb") as content:
                    tar.addfile(entry, content)
            else:
                tar.addfile(entry)
    content = plain.getvalue()
    return gzip.compress(content, compresslevel=6, mtime=0), digest(content)


def paths_below(directory):
    for place, directories, files in os.walk(directory):
        for name in directories + files:
            yield os.path.relpath(os.path.join(place, name), directory)


def digest(content):
    return "sha256:" + hashlib.sha256(content).hexdigest()


class Layout:
    """An image layout (a directory with oci-layout, index.json, blobs), as crane and skopeo read it."""

    def __init__(self, directory):
        self.directory = directory
        os.makedirs(os.path.join(directory, "blobs", "sha256"), exist_ok=True)

    def put(self, content, media_type):
        name = digest(content)
        with open(os.path.join(self.directory, "blobs", *name.split(":")), "wb") as out:
            out.write(content)
        return {"mediaType": media_type, "digest": name, "size": len(content)}

    def put_json(self, value, media_type):
        return self.put(json.dumps(value, sort_keys=True, separators=(",", ":")).encode(), media_type)

    def image(self, layers, config, annotations):
        """Writes manifest and index of an image of these layers, [(gzipped, diff id)]. The manifest's descriptor."""
        config["rootfs"] = {"type": "layers", "diff_ids": [diff for _, diff in layers]}
        manifest = {
            "schemaVersion": 2,
            "mediaType": "application/vnd.oci.image.manifest.v1+json",
            "config": self.put_json(config, "application/vnd.oci.image.config.v1+json"),
            "layers": [self.put(content, "application/vnd.oci.image.layer.v1.tar+gzip") for content, _ in layers],
            "annotations": annotations,
        }
        descriptor = self.put_json(manifest, manifest["mediaType"])
        index = {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": [descriptor]}
        for name, value in (("index.json", index), ("oci-layout", {"imageLayoutVersion": "1.0.0"})):
            with open(os.path.join(self.directory, name), "w", encoding="utf-8") as out:
                json.dump(value, out, sort_keys=True)
        return descriptor
