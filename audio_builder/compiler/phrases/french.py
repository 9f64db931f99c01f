"""What the compiler says in French, which calls the listener "vous"."""

from __future__ import annotations

from audio_builder.compiler.phrases.table import Counted, Phrases, count_up

_FEMININE = {1: "une", 21: "vingt et une"}


def _one_up_to_two(count: int) -> str:
    """Name the plural form: French takes the singular for 0 and 1."""
    return "one" if count < 2 else "other"


FRENCH = Phrases(
    language="fr",
    plural_forms=("one", "other"),
    plural=_one_up_to_two,
    numbers=count_up(
        "un, deux, trois, quatre, cinq, six, sept, huit, neuf, dix, onze, douze, treize, quatorze, quinze, "
        "seize, dix-sept, dix-huit, dix-neuf, vingt, vingt et un, vingt-deux, vingt-trois, vingt-quatre, "
        "vingt-cinq, vingt-six, vingt-sept, vingt-huit, vingt-neuf, trente"
    )
    | {40: "quarante", 45: "quarante-cinq", 50: "cinquante"},
    numbers_before_noun={1: "1", 21: "21"},
    sides={"right": "droite", "left": "gauche"},
    first="Pour commencer : {name}, {position}.",
    next="Ensuite : {name}, {position}.",
    again="De nouveau : {name}, {position}.",
    side_first="Le côté {side:droit|gauche} d'abord.",
    one_side="Le côté {side:droit|gauche}.",
    switch="Changez de côté. Maintenant le côté {side:droit|gauche}.",
    rest="Et reposez-vous.",
    breathe={"inhale": "Inspirez.", "hold-in": "Retenez.", "exhale": "Expirez.", "hold-out": "Attendez."},
    more={3: "Encore trois.", 2: "Encore deux.", 1: "La dernière."},
    last_then_side="La dernière, puis le côté {side:droit|gauche}.",
    halfway="À mi-chemin.",
    safety=(
        "Bougez sans douleur. Arrêtez si quelque chose fait mal ou picote, ou si la tête vous tourne.",
        "Après une blessure ou une opération, demandez d'abord l'avis d'un professionnel.",
    ),
    gently="Respirez en douceur, pas profondément. Si la tête vous tourne, respirez comme vous voulez.",
    breaths=Counted(forms=("# respiration", "# respirations"), numbers=_FEMININE),
    seconds=Counted(forms=("# seconde", "# secondes"), numbers=_FEMININE),
    minutes=Counted(forms=("# minute", "# minutes"), numbers=_FEMININE),
    minutes_and_seconds="{minutes} et {seconds}",
    side_title="{name}, côté {side:droit|gauche}",
    round_title="{title}, tour {round}",
    opening_title="Bienvenue",
    closing_title="Pour finir",
)
