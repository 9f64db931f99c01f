"""English."""

from __future__ import annotations

from audio_builder.language.record import (
    Advice,
    Counted,
    Gender,
    Language,
    Pages,
    Phrases,
    Shortened,
    listed,
    one_or_other,
)

_ONES = listed(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_TENS = listed("twenty thirty forty fifty sixty seventy eighty ninety")


def _number(number: int, _gender: Gender = "") -> str:
    if number < 20:
        return _ONES[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return _TENS[tens - 2] + (f"-{_ONES[ones]}" if ones else "")
    size, name = (1_000, "thousand") if number >= 1_000 else (100, "hundred")
    many, rest = divmod(number, size)
    return f"{_number(many)} {name} {_number(rest) if rest else ''}".strip()


def _agrees(_number: int) -> bool:
    return False


LANGUAGE = Language(
    tag="en",
    iso_639_2="eng",
    piper_voice="en_US-lessac-medium",
    lexicon={"vertebrae": "vertebrae /ˈvɝtəbri/"},
    plural_forms=("one", "other"),
    plural=one_or_other,
    number=_number,
    agrees=_agrees,
    phrases=Phrases(
        sides={"right": "right", "left": "left"},
        first="First: {name}, {position}.",
        next="Next: {name}, {position}.",
        again="{name} again, {position}.",
        side_first="The {side} side first.",
        one_side="{side} side.",
        switch="Switch sides. Now the {side} side.",
        rest="And rest.",
        breathe={"inhale": "Breathe in.", "hold-in": "Hold.", "exhale": "Breathe out.", "hold-out": "Wait."},
        more={3: "Three more.", 2: "Two more.", 1: "Last one."},
        last_then_side="Last one, then the {side} side.",
        halfway="Halfway.",
        safety=(
            "Move without pain. Stop if something hurts or tingles, or if you feel dizzy.",
            "After an injury or surgery, ask a professional first.",
        ),
        gently="Breathe gently, not deeply. If you get light-headed, breathe as you like.",
        breaths=Counted(("# breath", "# breaths")),
        seconds=Counted(("# second", "# seconds")),
        minutes=Counted(("# minute", "# minutes")),
        minutes_and_seconds="{minutes} and {seconds}",
        side_title="{name}, {side} side",
        round_title="{title}, round {round}",
        opening_title="Welcome",
        closing_title="Closing",
    ),
    shortened=Shortened(
        to="to",
        and_="and",
        or_="or",
        per="per",
        point=".",
        units={
            "s": ("1 second", "seconds"),
            "sec": ("1 second", "seconds"),
            "secs": ("1 second", "seconds"),
            "min": ("1 minute", "minutes"),
            "mins": ("1 minute", "minutes"),
            "h": ("1 hour", "hours"),
            "x": ("1 time", "times"),
            "%": ("1 percent", "percent"),
            "°": ("1 degree", "degrees"),
            "cm": ("1 centimetre", "centimetres"),
            "m": ("1 metre", "metres"),
            "kg": ("1 kilogram", "kilograms"),
            "rep": ("1 rep", "reps"),
        },
        fractions={"1/2": "half", "1/4": "a quarter", "3/4": "three quarters"},
        abbreviations={
            "e.g.": "for example",
            "i.e.": "that is",
            "etc.": "and so on",
            "approx.": "about",
            "vs.": "versus",
            "w/o": "without",
            "w/": "with",
        },
    ),
    pages=Pages(
        site_title="Guided sessions",
        site_about="Voice-guided exercise sessions with breath pacing: lay the phone down and follow along.",
        empty="No session has been published here yet.",
        on_this_device="on this device",
        podcast="As a podcast",
        podcast_how="Add this address in your podcast app; new sessions then come by themselves.",
        copy_address="Copy address",
        copied="Copied.",
        not_copied="Copying was not allowed: press and hold the address instead.",
        no_network="No network",
        not_kept="This session is not kept on this device.",
        all_sessions="All sessions",
        chapters="Chapters",
        take_along="Take it with you",
        keep="Keep on this device",
        keeping="Keeping …",
        kept="Kept on this device",
        now_kept="Kept: this session now plays without a network.",
        not_keepable="This session could not be kept. Check the connection and the room on this device.",
        given_up="The copy on this device is gone.",
        download="Download MP3",
        spoken="The words of this session",
        files_and_keys="Files and keys",
        cue_sheet="Cue sheet",
        transcript="Transcript",
        lyrics="Lyrics",
        keys=("plays and pauses", "go ten seconds", "one exercise"),
        player="Player",
        start_over="Start over",
        position="Position",
        speed="Speed",
        previous="Previous exercise",
        play="Play",
        pause="Pause",
        following="Next exercise",
        back="Back 10 seconds",
        spans={"hold": "Hold", "work": "Exercise", "move": "Move", "rest": "Rest", "switch": "Switch sides"},
        left="{span} · {time} left",
        next_in="Next: {title} in {time}",
        ends_in="Ends in {time}",
        place="{time} of {length}",
        resumed="Goes on at {time}.",
        welcome="Press play, lay the phone down and follow the voice.",
        done="Done.",
        cannot_play="The audio cannot be played. Check the connection and try again.",
        no_audio="The audio could not be loaded. Check the connection and load the page again.",
        no_cues="The cue texts could not be loaded; the audio plays all the same.",
        more_exercises="and {} more",
    ),
    advice=Advice(
        joints=r"(?:, |; |\band )then\b|; |, after that\b|, afterwards\b",
        limbs=r"\b(?:your|the) (?:hand|arm|elbow|wrist|shoulder|knee|leg|foot|heel|ankle|thigh)\b",
        sides=r"\b(?:left|right) (?:hand|arm|elbow|wrist|shoulder|knee|leg|foot|heel|ankle|thigh|hip|side)\b",
        moves=r"(?:bend|bring|come|cross|drop|extend|fold|kneel|lean|lift|lower|move|place|press|pull|push|put|raise|reach"
        r"|release|rest|roll|rotate|round|shift|sink|sit|slide|stand|step|stretch|sway|swing|tilt|tuck|turn|twist"
        r"|walk)\b",
        clauses=r"[.!?:]\s+|\band\b|, (?=\w+ your\b)",
        led_by=r"(?:breath(?:e|ing) (?:in|out)|inhale|exhale|in|out|now|slowly|gently),? ",
    ),
)
