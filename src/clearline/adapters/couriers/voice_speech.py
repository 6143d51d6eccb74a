"""Speak a text into a file that a telephone line can play.

`espeak-ng` speaks at 22,050 Hz; a line carries 8,000 Hz (ITU-T G.711), so what lies
above 3,600 Hz is filtered out before the rate is changed. Silence is added behind: a
line whose file has ended sends nothing more, and some gateways then hang up.
"""

import subprocess
import wave
from pathlib import Path
from typing import Any, Final

import numpy as np

LINE_HZ: Final = 8_000
SILENCE_S: Final = 60
"""How long a line stays open after what was said."""

SPEAKER: Final = "espeak-ng"
VOICES: Final = {"en": "en", "ar": "ar", "fr": "fr", "ru": "ru", "uk": "uk", "he": "he"}
"""The speaker's voice for each language; anything else is spoken in English."""

_WORDS_A_MINUTE: Final = 150
_PASS_HZ: Final = 3_600
_TAPS: Final = 65
_SPEAK_WITHIN_S: Final = 20.0
_LONGEST: Final = 3_000


class CannotSpeak(Exception):
    """Say that there is no voice, or that it failed."""


def speak(text: str, language: str, path: Path) -> float:
    """Speak `text` into a WAV file of 8,000 Hz; how long the speech takes, seconds.

    Raises:
        CannotSpeak: The speaker is not installed, or failed.
    """
    raw = path.with_suffix(".raw.wav")
    voice = VOICES.get(language.split("-", maxsplit=1)[0].casefold(), "en")
    try:
        subprocess.run(  # noqa: S603 (a fixed program; the text comes on its input)
            [SPEAKER, "-v", voice, "-s", str(_WORDS_A_MINUTE), "-w", str(raw)],
            input=text[:_LONGEST].encode("utf-8", "replace"),
            capture_output=True,
            timeout=_SPEAK_WITHIN_S,
            check=True,
        )
        with wave.open(str(raw), "rb") as spoken:
            rate = spoken.getframerate()
            samples = np.frombuffer(spoken.readframes(spoken.getnframes()), "<i2")
    except (OSError, subprocess.SubprocessError, wave.Error, EOFError) as error:
        raise CannotSpeak(f"nothing can be spoken: {error}") from error
    finally:
        raw.unlink(missing_ok=True)
    said = _at_line_rate(samples, rate)
    write_samples(path, said.tobytes())
    return len(said) / LINE_HZ


def write_samples(path: Path, samples: bytes) -> None:
    """Write 16 bit samples of 8,000 Hz, and silence behind them."""
    with path.open("wb") as file, wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(LINE_HZ)
        out.writeframes(samples + bytes(2 * LINE_HZ * SILENCE_S))


def _at_line_rate(samples: Any, rate: int) -> Any:
    """Change the rate of 16 bit samples; a windowed sinc keeps out what would fold."""
    if not len(samples):
        return np.zeros(0, "<i2")
    at = np.arange(_TAPS) - _TAPS // 2
    sinc = np.sinc(2 * at * _PASS_HZ / rate) * np.hamming(_TAPS)
    smooth = np.convolve(samples.astype(float), sinc / sinc.sum(), "same")
    count = len(samples) * LINE_HZ // rate
    when = np.arange(count) * rate / LINE_HZ
    found = np.interp(when, np.arange(len(smooth)), smooth)
    return np.clip(found, -32768, 32767).astype("<i2")
