"""Unpacks one HEIC file in a process of its own: `python -P -m cicatrix.photo.heic_worker`.

pi-heif 1.4 can end its process on a file made to harm; the process that asked survives.
The file comes on standard input. A line of JSON goes out, then the pixels.
"""

import base64
import json
import sys

__all__ = ["main"]


def main() -> int:
    """Answer size, metadata and, up to the pixels allowed by argument 1, the picture."""
    import numpy as np
    import pi_heif

    max_pixels = int(sys.argv[1])
    picture = pi_heif.open_heif(sys.stdin.buffer.read(), convert_hdr_to_8bit=True)
    width, height = (int(v) for v in picture.size)
    told = {
        "width_px": width,
        "height_px": height,
        "exif": _text(picture.info.get("exif")),
        "icc": _text(picture.info.get("icc_profile")),
        "shape": None,
    }
    pixels = None
    if width * height <= max_pixels:
        pixels = np.asarray(picture)
        if pixels.dtype == np.uint8 and pixels.ndim == 3 and pixels.shape[2] >= 3:
            pixels = np.ascontiguousarray(pixels[..., :3])
            told["shape"] = pixels.shape
    out = sys.stdout.buffer
    out.write(json.dumps(told).encode() + b"\n")
    if pixels is not None and told["shape"] is not None:
        out.write(pixels.data)
    return 0


def _text(block: bytes | None) -> str:
    return base64.b64encode(block or b"").decode()


if __name__ == "__main__":
    sys.exit(main())
