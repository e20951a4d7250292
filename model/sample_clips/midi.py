"""Standard MIDI files, written by hand: one track, one channel, times in seconds.

Format 0 of the Standard MIDI Files 1.0 specification. The tempo map is resolved
before, so that one quarter is always half a second here.
"""

import math
import struct

from model.sample_clips.score import PlayedNote

TICKS_PER_QUARTER = 960
TICKS_PER_SECOND = 2 * TICKS_PER_QUARTER  # at the default of 120 quarters a minute
BEND_RANGE = 2.0  # semitones, the default of General MIDI
DRUM_CHANNEL = 9

GLIDE_SECONDS = 0.11  # of a scooped note
VIBRATO_DELAY, VIBRATO_HZ, VIBRATO_DEPTH = 0.22, 5.4, 0.22  # s, Hz, semitones


def variable_length(value: int) -> bytes:
    """Return the variable-length form of a count of ticks, seven bits a byte."""
    if value < 0:
        raise ValueError(f"a delta time cannot be negative: {value}")
    out = [value & 0x7F]
    while value := value >> 7:
        out.append(0x80 | (value & 0x7F))
    return bytes(reversed(out))


def _bend(channel: int, semitones: float) -> bytes:
    clipped = max(-1.0, min(1.0, semitones / BEND_RANGE))
    value = min(16383, round(8192 + 8192 * clipped))
    return bytes((0xE0 | channel, value & 0x7F, value >> 7))


def _bends(note: PlayedNote, channel: int) -> list[tuple[float, int, bytes]]:
    """Return the pitch wheel's events for one note: the glide, then the vibrato."""
    if not note.scoop and not note.vibrato:
        return []
    events = []
    steps = max(2, int((note.end - note.start) / 0.012))
    for index in range(steps):
        after = index * 0.012
        left = max(0.0, 1.0 - after / GLIDE_SECONDS)
        offset = note.scoop * left**1.5
        if note.vibrato and after > VIBRATO_DELAY:
            depth = VIBRATO_DEPTH * min(1.0, (after - VIBRATO_DELAY) / 0.3)
            offset += depth * math.sin(2 * math.pi * VIBRATO_HZ * (after - VIBRATO_DELAY))
        events.append((note.start + after, 0, _bend(channel, offset)))
    return [*events, (note.end, 0, _bend(channel, 0.0))]


def midi_file(notes: list[PlayedNote], program: int, drums: bool = False) -> bytes:
    """Return the bytes of a MIDI file that plays the notes on one instrument."""
    channel = DRUM_CHANNEL if drums else 0
    # (seconds, rank, message): a note ends before the wheel moves and the next one begins
    events = [(0.0, -2, bytes((0xC0 | channel, program)))]
    for note in notes:
        events.append((note.start, 1, bytes((0x90 | channel, note.pitch, note.velocity))))
        events.append((note.end, -1, bytes((0x80 | channel, note.pitch, 0))))
        events += _bends(note, channel)
    events.sort(key=lambda event: (round(event[0] * TICKS_PER_SECOND), event[1]))

    track, now = bytearray(), 0
    for seconds, _, message in events:
        tick = round(seconds * TICKS_PER_SECOND)
        track += variable_length(tick - now) + message
        now = tick
    track += variable_length(0) + b"\xff\x2f\x00"  # end of track
    header = struct.pack(">4sIHHH", b"MThd", 6, 0, 1, TICKS_PER_QUARTER)
    return header + struct.pack(">4sI", b"MTrk", len(track)) + bytes(track)
