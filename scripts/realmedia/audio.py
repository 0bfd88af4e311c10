"""Audio: registered tracks in several formats, spoken and chanted works, altered copies."""

from __future__ import annotations

import json
import random
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from realmedia.items import Asset, Item, Spans

# Encoding name -> file extension and ffmpeg options.
ENCODINGS: dict[str, tuple[str, list[str]]] = {
    "mp3-192k": ("mp3", ["-c:a", "libmp3lame", "-b:a", "192k"]),
    "mp3-128k": ("mp3", ["-c:a", "libmp3lame", "-b:a", "128k"]),
    "mp3-64k": ("mp3", ["-c:a", "libmp3lame", "-b:a", "64k"]),
    "ogg-q4": ("ogg", ["-c:a", "libvorbis", "-q:a", "4"]),
    "ogg-q1": ("ogg", ["-c:a", "libvorbis", "-q:a", "1"]),
    "aac-160k": ("m4a", ["-c:a", "aac", "-b:a", "160k"]),
    "aac-96k": ("m4a", ["-c:a", "aac", "-b:a", "96k"]),
    "flac": ("flac", ["-c:a", "flac", "-sample_fmt", "s16"]),
    "wav": ("wav", ["-c:a", "pcm_s16le"]),
    "wav-22k-mono": ("wav", ["-c:a", "pcm_s16le", "-ar", "22050", "-ac", "1"]),
}
LOSSY = ("mp3-128k", "mp3-64k", "ogg-q4", "ogg-q1", "aac-96k")
# What unrelated clips are stored as; MP3 most often, as in the datasets people publish.
CLIP_ENCODINGS = ("mp3-128k", "mp3-64k", "mp3-192k", "mp3-128k", "ogg-q4", "aac-96k", "flac", "wav-22k-mono")
WHOLE_ATTACKS = ("mp3-128k", "mp3-64k", "ogg-q4", "aac-96k", "wav-22k-mono")
VOICES = ("en-us", "en-gb+f2", "de", "fr", "en+m7", "en-gb+m3")
GAINS_DB = (6, -6)
EXCERPTS_S = (5, 10, 30)
# Louder than this (of 1.0) for most of its length, or an excerpt holds too little to be a copy.
AUDIBLE_RMS = 0.01


@dataclass(frozen=True)
class Cut:
    """A stretch of a file; `start_s` None means from the start to the end."""

    start_s: float | None = None
    length_s: float | None = None


def probe(path: Path) -> tuple[float, dict[str, str]]:
    """Length in seconds, and the tags in lower case."""
    command = ["ffprobe", "-v", "error", "-show_format", "-show_streams", "-of", "json", str(path)]
    shown = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    tags = shown["format"].get("tags", {}) | shown["streams"][0].get("tags", {})
    return float(shown["format"]["duration"]), {key.lower(): value for key, value in tags.items()}


def encode(source: Path, target: Path, encoding: str, cut: Cut = Cut(), filters: str = "") -> Path:
    """Writes `source`, or a stretch of it, in another encoding; returns the file written.

    Whole copies keep their tags, as a careless copier does; excerpts lose them.
    """
    extension, codec = ENCODINGS[encoding]
    target = target.with_name(f"{target.name}.{extension}")
    command = ["ffmpeg", "-v", "error", "-nostdin", "-y"]
    if cut.start_s is not None:
        command += ["-ss", f"{cut.start_s:.3f}"]
    command += ["-i", str(source)]
    if cut.length_s is not None:
        command += ["-t", f"{cut.length_s:.3f}", "-map_metadata", "-1"]
    if filters:
        command += ["-af", filters]
    return run_ffmpeg([*command, "-map", "0:a:0", *codec], target)


def run_ffmpeg(command: list[str], target: Path) -> Path:
    """Runs ffmpeg so that the same version writes the same bytes again."""
    subprocess.run(
        [*command, "-threads", "1", "-flags:a", "+bitexact", "-fflags", "+bitexact", str(target)],
        check=True,
    )
    return target


def audible_start(rng: random.Random, source: Path, duration_s: float, length_s: float) -> float:
    """A random start whose stretch is not mostly silence; the loudest of eight tries otherwise."""
    best = (-1.0, 0.0)
    for _ in range(8):
        start_s = round(rng.uniform(0.0, max(0.0, duration_s - length_s)), 3)
        loudness = median_rms(source, start_s, length_s)
        if loudness >= AUDIBLE_RMS:
            return start_s
        best = max(best, (loudness, start_s))
    return best[1]


def median_rms(source: Path, start_s: float, length_s: float) -> float:
    """Median loudness over half seconds of a stretch, full scale being 1."""
    command = ["ffmpeg", "-v", "error", "-nostdin", "-ss", str(start_s), "-i", str(source)]
    command += ["-t", str(length_s), "-ac", "1", "-ar", "8000", "-f", "s16le", "-"]
    raw = subprocess.run(command, capture_output=True, check=True).stdout
    samples = np.frombuffer(raw, np.int16).astype(np.float64) / 32768
    windows = samples[: len(samples) // 4000 * 4000].reshape(-1, 4000)
    return float(np.median(np.sqrt((windows**2).mean(axis=1)))) if len(windows) else 0.0


def whole_copy(_rng: random.Random, asset: Asset, target: Path, encoding: str) -> Item:
    """The whole track in another encoding."""
    path = encode(asset.path, target, encoding)
    return copy_item(asset, path, f"reencode-{encoding}", Cut(0.0, asset.duration_s))


def louder_copy(_rng: random.Random, asset: Asset, target: Path, gain_db: int) -> Item:
    """The whole track louder (clipping where it must) or quieter."""
    path = encode(asset.path, target, "ogg-q4", filters=f"volume={gain_db}dB")
    return copy_item(asset, path, f"gain{gain_db:+d}dB", Cut(0.0, asset.duration_s))


def excerpt(rng: random.Random, asset: Asset, target: Path, length_s: int, lossy: bool) -> Item:
    """A stretch from a random place, kept lossless or encoded again."""
    start_s = audible_start(rng, asset.origin, asset.duration_s, length_s)
    encoding = rng.choice(LOSSY) if lossy else "flac"
    path = encode(asset.origin, target, encoding, Cut(start_s, length_s))
    attack = f"excerpt-{length_s}s" + ("-reencoded" if lossy else "")
    return copy_item(asset, path, attack, Cut(start_s, length_s))


def insert(rng: random.Random, asset: Asset, target: Path, hosts: list[tuple[Path, float]]) -> Item:
    """Ten seconds of the work between two stretches of an unrelated track."""
    length_s, around_s = 10, 12
    host = rng.choice(hosts)
    start_s = audible_start(rng, asset.origin, asset.duration_s, length_s)
    host_s = rng.uniform(0.0, max(0.0, host[1] - 2 * around_s))
    target = target.with_name(f"{target.name}.mp3")
    command = ["ffmpeg", "-v", "error", "-nostdin", "-y"]
    for source, at_s, for_s in (
        (host[0], host_s, around_s),
        (asset.origin, start_s, length_s),
        (host[0], host_s + around_s, around_s),
    ):
        command += ["-ss", f"{at_s:.3f}", "-t", str(for_s), "-i", str(source)]
    alike = ";".join(f"[{i}:a:0]aformat=sample_rates=44100:channel_layouts=stereo[p{i}]" for i in range(3))
    joined = f"{alike};[p0][p1][p2]concat=n=3:v=0:a=1[out]"
    command += ["-filter_complex", joined, "-map", "[out]", "-map_metadata", "-1"]
    run_ffmpeg([*command, *ENCODINGS["mp3-128k"][1]], target)
    spans = Spans(around_s, around_s + length_s, start_s, start_s + length_s)
    return Item("audio", target, "mp3", "insert-10s", asset.work_id, spans)


def copy_item(asset: Asset, path: Path, attack: str, cut: Cut) -> Item:
    """An item that is a stretch of a work from its first to its last second."""
    start_s, length_s = cut.start_s or 0.0, cut.length_s or 0.0
    spans = Spans(0.0, length_s, start_s, start_s + length_s)
    return Item("audio", path, path.suffix[1:], attack, asset.work_id, spans)


def unrelated_clip(rng: random.Random, track: tuple[Path, float], target: Path) -> Item:
    """Six to forty seconds from a random place of a track nobody registered."""
    length_s = min(track[1], rng.uniform(6, 40))
    start_s = rng.uniform(0.0, max(0.0, track[1] - length_s))
    path = encode(track[0], target, rng.choice(CLIP_ENCODINGS), Cut(start_s, length_s))
    return Item("audio", path, path.suffix[1:])


def unrelated_speech(words: str, voice: str, target: Path) -> Item:
    """Words nobody registered, read by a voice that reads registered ones too."""
    spoken = speak(words, target, voice)
    path = encode(spoken, target, "mp3-64k")
    spoken.unlink()
    return Item("audio", path, "mp3")


def can_speak() -> bool:
    """Whether espeak-ng is installed; without it there are no spoken works."""
    return shutil.which("espeak-ng") is not None


def sayable(text: str, count: int) -> str:
    """The first words of a text, without the symbols of manuals."""
    return " ".join(re.findall(r"[^\W\d_]{2,}", text)[:count])


def speakable(prose: list[str], count: int) -> list[str]:
    """The texts whose first words are in Latin letters.

    These voices spell other letters out, "Japanese letter" after "Japanese letter", and
    all such texts sound alike.
    """
    first_words = (sayable(text, count) for text in prose)
    return [text for text, words in zip(prose, first_words) if re.fullmatch(r"[A-Za-zÀ-ɏ ]+", words)]


def speak(text: str, target: Path, voice: str, words_per_minute: int = 160) -> Path:
    """Reads a text aloud into a WAV file."""
    target = target.with_name(f"{target.name}.wav")
    command = ["espeak-ng", "-v", voice, "-s", str(words_per_minute), "-w", str(target), "--stdin"]
    subprocess.run(command, input=text.encode(), check=True, capture_output=True)
    return target


def chant(rng: random.Random, text: str, bed: tuple[Path, float], target: Path) -> Path:
    """Words on changing notes over a minute of accompaniment: the nearest to singing here."""
    notes = (80, 90, 100, 120, 135, 150)
    words = "".join(
        f'<prosody pitch="{rng.choice(notes)}%" rate="60%">{word}</prosody> '
        for word in text.split() if word.isalpha()
    )
    voice = target.with_name(f"{target.name}.voice.wav")
    command = ["espeak-ng", "-m", "-v", "en+f3", "-w", str(voice), "--stdin"]
    subprocess.run(command, input=f"<speak>{words}</speak>".encode(), check=True, capture_output=True)
    start_s = rng.uniform(0.0, max(0.0, bed[1] - 60))
    target = target.with_name(f"{target.name}.flac")
    mix = ["ffmpeg", "-v", "error", "-nostdin", "-y", "-i", str(voice), "-ss", f"{start_s:.3f}"]
    mix += ["-i", str(bed[0]), "-t", "60", "-map_metadata", "-1", "-filter_complex"]
    mix += ["[0:a]volume=2[v];[1:a]volume=0.5[b];[v][b]amix=inputs=2:duration=longest:normalize=0"]
    run_ffmpeg([*mix, "-ar", "44100", *ENCODINGS["flac"][1]], target)
    voice.unlink()
    return target
