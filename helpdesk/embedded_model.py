"""Where the classifier inside the process keeps its model: for those who only ask whether there is one."""

from pathlib import Path

MODELS = Path("var/nlu")


def has_embedded_model() -> bool:
    """Whether a model was trained on this machine."""
    return any(MODELS.glob("embedded-*.npz"))
