"""English."""

from __future__ import annotations

from audio_builder.language.record import Language, one_or_other
from audio_builder.language.wording import (
    Advice,
    Counted,
    Gender,
    Pages,
    Phrases,
    Shortened,
    listed,
    table,
    units,
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
        letters="àâäçèéêëîïñôöùûü",
        to="to",
        ratio="to",
        and_="and",
        or_="or",
        per="per",
        of="of",
        out_of="out of",
        decimal=".",
        point="point",
        signs=table("""
            ~, ≈ = about
            ≥, >= = at least
            ≤, <= = at most
            > = more than
            < = less than
            ± = plus or minus
            + = plus
            n+ = or more
            - = minus
            = = equals
            @ = at
            # = number
        """),
        units=units("""
            s, sec, secs = one second | seconds
            min, mins, mn = one minute | minutes
            h, hr, hrs = one hour | hours
            wk, wks = one week | weeks
            yr, yrs = one year | years
            x = one time | times
            % = one percent | percent
            °, º, deg = one degree | degrees
            °C = one degree Celsius | degrees Celsius
            °F = one degree Fahrenheit | degrees Fahrenheit
            mm = one millimetre | millimetres
            cm = one centimetre | centimetres
            m = one metre | metres
            km = one kilometre | kilometres
            km/h, kph = one kilometre per hour | kilometres per hour
            mph = one mile per hour | miles per hour
            m/s = one metre per second | metres per second
            mi = one mile | miles
            ft = one foot | feet
            inch, inches = one inch | inches
            yd, yds = one yard | yards
            g = one gram | grams
            kg, kgs = one kilogram | kilograms
            lb, lbs = one pound | pounds
            oz = one ounce | ounces
            ml = one millilitre | millilitres
            l, L = one litre | litres
            kcal = one kilocalorie | kilocalories
            bpm = one beat per minute | beats per minute
            rep, reps = one rep | reps
            $ = one dollar | dollars
            € = one euro | euros
            £ = one pound | pounds
        """),
        hyphened="one",
        fractions=table("""
            1/2 = half
            1/3 = one third
            2/3 = two thirds
            1/4 = a quarter
            3/4 = three quarters
            1/5 = one fifth
            2/5 = two fifths
            3/5 = three fifths
            4/5 = four fifths
            1/6 = one sixth
            5/6 = five sixths
            1/8 = one eighth
            3/8 = three eighths
            5/8 = five eighths
            7/8 = seven eighths
        """),
        abbreviations=table("""
            e.g., eg., eg, e. g. = for example
            i.e., ie., ie, i. e. = that is
            approx., approx, ca., c.# = about
            vs., vs = versus
            w/, w/. = with
            w/o, w/out = without
            b/w, btw. = between
            b/c = because
            w/in = within
            w/u = warm-up
            c/d = cool-down
            b/l = both
            lt. = left
            rt. = right
            ex.# = exercise
            incl. = including
            excl. = excluding
            max.# = at most
            min.# = at least
            esp. = especially
            resp. = respectively
            opp. = opposite
            alt. = alternating
            alt = alternate
            no.#, nos.# = number
            fig.# = figure
            l/r = left or right
            r/l = right or left
            1st = first
            2nd = second
            3rd = third
            4th = fourth
            5th = fifth
            6th = sixth
            7th = seventh
            8th = eighth
            9th = ninth
            10th = tenth
            11th = eleventh
            12th = twelfth
        """),
        endings=table("""
            etc., etc = and so on
            ea., ea = each
            a.m. = A M
            p.m. = P M
        """),
        numbered="warriors?|virabhadrasana|level|part|phase|stage|type|series|volume|humble|crescent|variation|round",
        each="side|leg|arm|hand|foot|set|rep|round|day|week|wk|month|minute|min|sec|hour|hr|breath|exercise|person|direction|way",
        parts="set|phase|round|rep|day|week|part|step|side|exercise|session|level",
        sizes="away|apart|wide|long|high|tall|deep|from|off|above|below|behind|ahead|of|box|step|block|ball|band|roller",
        moves="walk|run|jog|swim|sprint|row|crawl|move|step|hop|jump|throw",
        holds="work|hold|holds|rest|wait|pause|stay|plank|for|every|breathe|relax|hang",
        paces=r"breath\w*|breathe\w*|inhal\w*|exhal\w*|pace|rhythm|tempo|count",
        clocks="at|until|till|before|after|by",
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
