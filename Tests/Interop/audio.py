"""Mono and stereo 16-bit PCM: WAV files, levels, resampling, and where somebody is audible."""

import wave

import numpy as np

FULL_SCALE = 32768.0


def read(path) -> tuple[np.ndarray, int]:
    """Samples and rate. Mono gives shape (n,), stereo (n, 2)."""
    with wave.open(str(path), "rb") as file:
        if file.getsampwidth() != 2:
            raise ValueError(f"{path}: 16-bit PCM expected")
        data = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")
        return (data.reshape(-1, file.getnchannels()) if file.getnchannels() > 1 else data), file.getframerate()


def write(path, samples: np.ndarray, rate: int):
    samples = np.ascontiguousarray(samples, dtype="<i2")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1 if samples.ndim == 1 else samples.shape[1])
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples.tobytes())


def level(samples: np.ndarray) -> float:
    """RMS in dBFS; digital silence is -120."""
    if len(samples) == 0:
        return -120.0
    rms = np.sqrt(np.mean(np.square(samples.astype(np.float64)))) / FULL_SCALE
    return 20 * np.log10(max(rms, 1e-6))


def levels(samples: np.ndarray, window: int) -> np.ndarray:
    """RMS in dBFS of each whole window."""
    count = len(samples) // window
    cut = samples[: count * window].astype(np.float64).reshape(count, window) / FULL_SCALE
    return 20 * np.log10(np.maximum(np.sqrt(np.mean(cut * cut, axis=1)), 1e-6))


def resample(samples: np.ndarray, source: int, target: int) -> np.ndarray:
    """Band-limited, by a windowed sinc of 32 zero crossings. For clips, not for streams."""
    if source == target:
        return samples
    cutoff = min(1.0, target / source)
    count = int(len(samples) * target / source)
    half = int(32 / cutoff)
    padded = np.concatenate([np.zeros(half), samples.astype(np.float64), np.zeros(half + 1)])
    out = np.empty(count)
    for begin in range(0, count, 8192):
        at = np.arange(begin, min(count, begin + 8192)) * source / target
        whole = np.floor(at).astype(int)
        offsets = np.arange(-half + 1, half + 1)
        distance = at[:, None] - (whole[:, None] + offsets)
        kernel = cutoff * np.sinc(cutoff * distance) * (0.5 + 0.5 * np.cos(np.pi * np.clip(distance / half, -1, 1)))
        out[begin : begin + len(at)] = np.sum(padded[whole[:, None] + offsets + half] * kernel, axis=1)
    return np.clip(np.round(out), -32768, 32767).astype(np.int16)


def trim(samples: np.ndarray, rate: int, below_peak: float = 38.0) -> np.ndarray:
    """Without the leading and trailing windows (5 ms) that lie more than `below_peak` dB under the loudest one."""
    window = rate // 200
    heights = levels(samples, window)
    if len(heights) == 0 or heights.max() < -60:
        return samples[:0]
    loud = np.flatnonzero(heights > heights.max() - below_peak)
    return samples[loud[0] * window : (loud[-1] + 1) * window]


def normalise(samples: np.ndarray, rate: int, target: float = -20.0) -> np.ndarray:
    """Brings the active part to `target` dBFS, without clipping."""
    heights = levels(samples, rate // 50)
    active = heights[heights > -45]
    if len(active) == 0:
        return samples
    mean = 10 * np.log10(np.mean(10 ** (active / 10)))
    gain = min(10 ** ((target - mean) / 20), 30000 / max(1, np.abs(samples.astype(np.int32)).max()))
    return np.round(samples * gain).astype(np.int16)


def audible(samples: np.ndarray, rate: int, threshold: float = -50.0, merge_ms: int = 200) -> list[tuple[int, int]]:
    """Spans [start, end) in samples where somebody is audible.

    A window of 5 ms is loud when its RMS lies above `threshold` dBFS. A span begins with a loud window of which three
    of four are loud, ends behind its last loud window, and swallows gaps of at most `merge_ms`.
    """
    window = rate // 200
    loud = levels(samples, window) > threshold
    spans: list[list[int]] = []
    index, count = 0, len(loud)
    while index < count:
        if not loud[index] or loud[index : index + 4].sum() < 3:
            index += 1
            continue
        end = index
        while end < count and loud[end : end + 4].any():
            end += 1
        while end > index and not loud[end - 1]:
            end -= 1
        if spans and (index * window - spans[-1][1]) * 1000 <= merge_ms * rate:
            spans[-1][1] = end * window
        else:
            spans.append([index * window, end * window])
        index = max(end, index + 1)
    return [(begin, end) for begin, end in spans]


def mu_law(samples: np.ndarray) -> bytes:
    """G.711 mu-law, one octet a sample."""
    value = samples.astype(np.int32)
    sign = np.where(value < 0, 0x80, 0)
    size = np.minimum(np.abs(value), 32635) + 132
    exponent = np.floor(np.log2(size)).astype(np.int32) - 7
    mantissa = (size >> (exponent + 3)) & 15
    return (~(sign | exponent << 4 | mantissa) & 0xFF).astype(np.uint8).tobytes()
