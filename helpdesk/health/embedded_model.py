"""Where the classifier inside the process keeps its model: for those who only ask whether there is one."""

from pathlib import Path


def has_embedded_model(models: Path) -> bool:
    """Whether a model was trained on this machine."""
    return any(models.glob("embedded-*.npz"))
