"""Samples in and out: decoding once, cutting by sample, filters, codecs, loudness.

Samples are float32 arrays of shape (frames, channels) at `RATE`, full scale being 1.
"""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from realmedia import audio

Samples = NDArray[np.float32]

RATE = 44_100
QUIET = ("ffmpeg", "-v", "error", "-nostdin", "-y")
# Encoding name -> file extension and ffmpeg options.
ENCODINGS: dict[str, tuple[str, list[str]]] = {
    "flac": audio.ENCODINGS["flac"],
    "wav-8k-mono": ("wav", ["-c:a", "pcm_s16le", "-ar", "8000", "-ac", "1"]),
    "mp3-64k": audio.ENCODINGS["mp3-64k"],
    "mp3-32k": ("mp3", ["-c:a", "libmp3lame", "-b:a", "32k", "-ar", "22050", "-ac", "1"]),
    "aac-48k": ("m4a", ["-c:a", "aac", "-b:a", "48k"]),
    "opus-32k": ("opus", ["-c:a", "libopus", "-b:a", "32k"]),
    "gsm": ("gsm", ["-c:a", "libgsm", "-ar", "8000", "-ac", "1"]),
    "mu-law": ("wav", ["-c:a", "pcm_mulaw", "-ar", "8000", "-ac", "1"]),
}
PEAK = 0.99


class Decoded:
    """Tracks decoded once each into a folder of raw samples, so that cuts are exact to the sample.

    Seeking in Ogg and MP3 is off by up to a tenth of a second for some files.
    """

    def __init__(self, folder: Path) -> None:
        """An empty or an earlier run's folder."""
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.opened: dict[Path, NDArray[np.int16]] = {}

    def whole(self, path: Path) -> NDArray[np.int16]:
        """All frames of a file, in stereo, mapped and not read."""
        if path not in self.opened:
            raw = self.folder / f"{hashlib.sha256(str(path).encode()).hexdigest()[:24]}.s16"
            if not raw.exists():
                partial = raw.with_suffix(".partial")
                command = [*QUIET, "-i", str(path), "-map", "0:a:0", "-ac", "2", "-ar", str(RATE)]
                subprocess.run([*command, "-f", "s16le", str(partial)], check=True)
                partial.rename(raw)
            self.opened[path] = np.memmap(raw, np.int16, "r").reshape(-1, 2)
        return self.opened[path]

    def length_s(self, path: Path) -> float:
        """How long the file really is, whatever its header says."""
        return len(self.whole(path)) / RATE

    def cut(self, path: Path, start_s: float, length_s: float) -> Samples:
        """A stretch of a file."""
        start = round(start_s * RATE)
        frames = self.whole(path)[start : start + round(length_s * RATE)]
        return np.asarray(frames, np.float32) / np.float32(32768)


def filtered(samples: Samples, filters: str) -> Samples:
    """The samples after a chain of ffmpeg filters."""
    channels = str(samples.shape[1])
    plain = ["-f", "f32le", "-ar", str(RATE), "-ac", channels]
    command = ["ffmpeg", "-v", "error", *plain, "-i", "-", "-af", filters, *plain, "-"]
    made = subprocess.run(command, input=samples.tobytes(), capture_output=True, check=True).stdout
    return np.frombuffer(made, np.float32).reshape(-1, samples.shape[1]).copy()


def store(samples: Samples, target: Path, encoding: str) -> Path:
    """Writes the samples, turned down where they would clip; a file is there whole or not at all."""
    extension, codec = ENCODINGS[encoding]
    peak = float(np.abs(samples).max(initial=0.0))
    if peak > PEAK:
        samples = samples * np.float32(PEAK / peak)
    written = target.with_name(f"{target.name}.{extension}")
    partial = target.with_name(f".partial.{extension}")
    command = ["ffmpeg", "-v", "error", "-y", "-f", "f32le", "-ar", str(RATE)]
    command += ["-ac", str(samples.shape[1]), "-i", "-", *codec, "-threads", "1"]
    command += ["-flags:a", "+bitexact", "-fflags", "+bitexact", str(partial)]
    subprocess.run(command, input=samples.astype(np.float32).tobytes(), check=True)
    partial.rename(written)
    return written


def through_codec(samples: Samples, encoding: str, folder: Path) -> Samples:
    """The samples after an encoder and its decoder."""
    coded = store(samples, folder / "coded", encoding)
    decoded = decode(coded, samples.shape[1])
    coded.unlink()
    return decoded


def decode(path: Path, channels: int) -> Samples:
    """A whole file in memory; for short ones."""
    command = [*QUIET, "-i", str(path), "-ac", str(channels), "-ar", str(RATE), "-f", "f32le", "-"]
    decoded = subprocess.run(command, capture_output=True, check=True).stdout
    return np.frombuffer(decoded, np.float32).reshape(-1, channels).copy()


def rms(samples: Samples) -> float:
    """Root mean square over all frames and channels."""
    return float(np.sqrt(np.mean(np.square(samples, dtype=np.float64)))) if samples.size else 0.0


def quiet_rms(samples: Samples) -> float:
    """Loudness that three quarters of the half seconds exceed."""
    half = RATE // 2
    windows = samples[: len(samples) // half * half].reshape(-1, half * samples.shape[1])
    if not len(windows):
        return rms(samples)
    return float(np.percentile(np.sqrt(np.mean(np.square(windows, dtype=np.float64), axis=1)), 25))


def added(samples: Samples, other: Samples, samples_over_other_db: float) -> Samples:
    """Both together, the first that much louder than the second by RMS."""
    other = np.resize(other, (len(samples), other.shape[1]))
    loudness = rms(other)
    gain = rms(samples) / loudness / 10 ** (samples_over_other_db / 20) if loudness else 0.0
    return samples + other * np.float32(gain)


def fitted(samples: Samples, length_s: float) -> Samples:
    """At most `length_s` seconds from the start."""
    return samples[: round(length_s * RATE)]
